/** Sends a message and leaves the page in the same task, so only a request for which the page waits can carry it. */
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
