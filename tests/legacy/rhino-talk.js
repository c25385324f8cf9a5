/**
 * Exchanges 200 numbered messages in each direction with a `NumberedServer`, as in `tests/transports`. Prints each
 * received message as one line of JSON, and finally the verdict.
 */
/* global script, everywire, print, quit */
(function () {
  var each = 200;
  var ahead = 12;
  var sent = 0;
  var received = 0;
  var closed = false;
  var transports = [];

  function longText(number) {
    var text = number + ' ';
    for (var at = 0; at < 200; at++) text += 'long ';
    return text;
  }

  function contentOf(number) {
    if (number % 5 === 0) return number + ' \u4f60\u597d \u00e9 \ud83d\ude00 \ud83d\ude00 \ufdfd';
    if (number % 5 === 1) return '\0' + number + '\0 begins with U+0000';
    if (number % 5 === 2) return number + ' \u2028\u2029\r\n</script>\ufeff"\\';
    if (number % 5 === 4) return longText(number);
    var bytes = [number >> 8, number & 255];
    for (var at = 2; at < 259; at++) bytes.push((at - 3) & 255);
    return bytes;
  }

  /** Escapes everything outside ASCII, so that no terminal changes it. */
  function show(data) {
    if (typeof data !== 'string') {
      var numbers = [];
      var bytes = typeof Uint8Array === 'undefined' ? data : new Uint8Array(data);
      for (var at = 0; at < bytes.length; at++) numbers.push(bytes[at]);
      return '[' + numbers.join() + ']';
    }
    return (
      '"' +
      data.replace(/[^ !#-\[\]-~]/g, function (unit) {
        return '\\u' + ('000' + unit.charCodeAt(0).toString(16)).slice(-4);
      }) +
      '"'
    );
  }

  var transportNames = script.args[5] ? script.args[5].split(',') : undefined;
  var client = everywire.createWireClient(script.args[4], transportNames ? { transports: transportNames } : {});
  function sendNext() {
    if (sent < each) client.send(contentOf(++sent));
  }
  client.onmessage = function (event) {
    received += 1;
    print(show(event.data));
    sendNext();
  };
  client.onstatuschange = function () {
    var now = client.transport;
    if (now && transports[transports.length - 1] !== now) transports.push(now);
  };
  client.onclose = function (event) {
    closed = true;
    print('{"code":' + event.code + ',"clean":' + event.wasClean + ',"transports":"' + transports.join() + '"}');
  };
  client.onerror = function () {
    print('{"status":"error"}');
  };
  for (var at = 0; at < ahead; at++) sendNext();
  var closing = false;
  script.run(function () {
    if (!closing && received >= each && sent >= each && client.bufferedAmount === 0) {
      closing = true;
      client.close();
    }
    return closed;
  });
  quit(0);
})();
