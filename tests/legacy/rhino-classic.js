/**
 * The parts of a page that the textbook clients for Internet Explorer need in addition to `rhino-page.js`. Simulates
 * `htmlfile`, whose frame runs each script of its document as soon as it is complete. Arguments after those of
 * `rhino-page.js`: the server, and the number of lines after which it ends.
 */
/* global XMLHttpRequest, print, quit, script */
var base = script.args[4];
var location = { protocol: 'http:', port: base.split(':')[2], host: base.split('//')[1] };
var lines = 0;

function show(text) {
  lines += 1;
  print(text);
}

var boxes = [];
var ActiveXObject = function (name) {
  if (name !== 'htmlfile') throw new Error(name);
  this.parentWindow = {};
  this.open = this.write = this.close = function () {};
  this.body = { appendChild: function () {} };
  this.createElement = function () {
    var box = { innerHTML: '', window: this.parentWindow };
    boxes.push(box);
    return box;
  };
};

/** Call it after the client's script. */
function runPage() {
  for (var at = 0; at < boxes.length; at++) loadFrame(boxes[at]);
  script.run(function () {
    return lines >= Number(script.args[5]);
  });
  quit();
}

function loadFrame(box) {
  var request = new XMLHttpRequest();
  var whole = /<script>([\s\S]*?)<\/script>/g;
  request.open('POST', base + /src="([^"]*)"/.exec(box.innerHTML)[1], true);
  var read = 0;
  request.onreadystatechange = function () {
    whole.lastIndex = read;
    for (var next = whole.exec(request.responseText); next; next = whole.exec(request.responseText)) {
      read = whole.lastIndex;
      new Function('parent', next[1])(box.window);
    }
  };
  request.send('');
}
