/** Says something, and leaves the page in the same turn: what goes with it is what the page waits for. */
/* global script, everywire, print, quit */
(function () {
  var left = false;
  var client = everywire.createWireClient(script.args[4]);
  client.onopen = function () {
    client.send('1 last words');
    script.leave();
    left = true;
  };
  script.run(function () {
    return left;
  });
  print('{"left":true}');
  quit(0);
})();
