/**
 * A page in Rhino, with the parts that the client needs. Simulates timers and the single thread of a page with a Java
 * queue, and `XMLHttpRequest`, that of ActiveX, or `XDomainRequest` with Java's `HttpURLConnection`. Arguments: the
 * client's script, the script to run with it, `new` or `bare`, which of the three requests the page has (`xhr`,
 * `activex`, `xdr`), and the arguments of that script.
 *
 * `bare` removes everything newer than ECMAScript 3 from the engine.
 */
/* global java, load, quit, arguments, print, everywire */
var script = { args: arguments, bare: arguments[2] === 'bare', origin: 'http://page.test' };

(function (global) {
  // Java must not retry an interrupted POST by itself.
  java.lang.System.setProperty('sun.net.http.retryPost', 'false');
  java.lang.System.setProperty('sun.net.http.allowRestrictedHeaders', 'true');
  var queue = new java.util.concurrent.LinkedBlockingQueue();
  var timers = [];
  var lastTimer = 0;

  global.setTimeout = function (act, ms) {
    lastTimer += 1;
    timers.push({ no: lastTimer, at: new Date().getTime() + (ms > 0 ? ms : 0), act: act });
    return lastTimer;
  };
  global.clearTimeout = function (no) {
    for (var at = 0; at < timers.length; at++) if (timers[at].no === no) timers.splice(at--, 1);
  };

  function nextTimer() {
    var first = null;
    for (var at = 0; at < timers.length; at++) if (!first || timers[at].at < first.at) first = timers[at];
    return first;
  }

  // Adds listeners in the way of Internet Explorer.
  var listeners = [];
  global.attachEvent = function (type, listener) {
    listeners.push([type, listener]);
  };
  global.detachEvent = function () {};
  script.leave = function () {
    for (var at = 0; at < listeners.length; at++) if (listeners[at][0] === 'onunload') listeners[at][1]({});
  };

  script.run = function (isDone) {
    while (!isDone()) {
      var timer = nextTimer();
      var wait = timer ? Math.max(0, timer.at - new Date().getTime()) : 1000;
      var task = queue.poll(wait, java.util.concurrent.TimeUnit.MILLISECONDS);
      if (task) task();
      else if (timer && timer.at <= new Date().getTime()) {
        global.clearTimeout(timer.no);
        timer.act();
      }
    }
  };

  /** @param progressive whether `readyState` 3 exposes the partial response */
  function Request(progressive) {
    this.onreadystatechange = null;
    this.readyState = 0;
    this.status = 0;
    this.responseText = '';
    this._progressive = progressive;
    this._headers = [];
  }
  Request.prototype.open = function (method, url, async) {
    this._waits = !async;
    this._method = method;
    this._url = url;
    this._tell(1);
  };
  Request.prototype.setRequestHeader = function (name, value) {
    this._headers.push([name, value]);
  };
  Request.prototype.abort = function () {
    this._aborted = true;
    if (this._connection) this._connection.disconnect();
  };
  Request.prototype.send = function (body) {
    var request = this;
    var connection = new java.net.URL(this._url).openConnection();
    var bytes = new java.lang.String(body).getBytes('UTF-8');
    this._connection = connection;
    connection.setRequestMethod(this._method);
    connection.setDoOutput(true);
    for (var at = 0; at < this._headers.length; at++)
      connection.setRequestProperty(this._headers[at][0], this._headers[at][1]);
    if (this._waits) {
      connection.getOutputStream().write(bytes);
      this.status = connection.getResponseCode();
      return;
    }
    // That thread only calls Java; its results are handled by the thread of the page.
    new java.lang.Thread(function () {
      try {
        var out = connection.getOutputStream();
        out.write(bytes);
        out.close();
        var status = connection.getResponseCode();
        var allowed = connection.getHeaderField('Access-Control-Allow-Origin');
        queue.put(function () {
          request.status = status;
          request._allowed = allowed && String(allowed);
          request._tell(2);
        });
        var stream = status < 400 ? connection.getInputStream() : connection.getErrorStream();
        var reader = new java.io.InputStreamReader(stream, 'UTF-8');
        var buffer = java.lang.reflect.Array.newInstance(java.lang.Character.TYPE, 4096);
        for (var count = reader.read(buffer); count >= 0; count = reader.read(buffer))
          request._pieceLater(String(new java.lang.String(buffer, 0, count)));
        queue.put(function () {
          request._tell(4);
        });
      } catch (error) {
        queue.put(function () {
          request.status = 0;
          request._tell(4);
        });
      }
    }).start();
  };
  Request.prototype._pieceLater = function (piece) {
    var request = this;
    queue.put(function () {
      request.responseText += piece;
      if (request._progressive) request._tell(3);
    });
  };
  Request.prototype._tell = function (state) {
    if (this._aborted) return;
    this.readyState = state;
    if (this.onreadystatechange) this.onreadystatechange();
  };

  /**
   * Simulates that of Internet Explorer 8, like `tests/transports/xdomain-request.ts`, without the checks that need
   * later engines.
   */
  function XDomainRequest() {
    this.onload = this.onprogress = this.onerror = this.ontimeout = null;
    this.responseText = '';
  }
  XDomainRequest.prototype.open = function (method, url) {
    if (method !== 'GET' && method !== 'POST') throw new Error(method);
    this._request = new Request(true);
    this._request.open(method, url, true);
    this._request.setRequestHeader('Origin', script.origin);
    this._request.setRequestHeader('Content-Type', 'text/plain');
  };
  XDomainRequest.prototype.send = function (body) {
    var xdr = this;
    var request = this._request;
    if (!this.onload || !this.onprogress || !this.onerror || !this.ontimeout) throw new Error('a handler is missing');
    request.onreadystatechange = function () {
      xdr.responseText = request.responseText;
      // No event is sent for the first two kilobytes.
      if (request.readyState === 3 && xdr.responseText.length > 2048) xdr.onprogress();
      if (request.readyState !== 4) return;
      if (request.status === 200 && request._allowed === script.origin) xdr.onload();
      else xdr.onerror();
    };
    request.send(body);
  };
  XDomainRequest.prototype.abort = function () {
    this._request.abort();
  };

  if (script.args[3] === 'xdr') global.XDomainRequest = XDomainRequest;
  else if (script.args[3] === 'activex') {
    global.ActiveXObject = function (name) {
      // The newest version does not exist on a machine of 2001.
      if (name !== 'MSXML2.XMLHTTP.3.0') throw new Error('no such object');
      return new Request(false);
    };
  } else {
    global.XMLHttpRequest = function () {
      return new Request(true);
    };
  }
})(this);

if (script.bare) {
  (function (global) {
    // Removes all members of builtins that ECMAScript 3 does not define.
    var kept = {
      Array: 'constructor toString toLocaleString concat join pop push reverse shift slice sort splice unshift length',
      String:
        'constructor toString valueOf charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace search slice split substring toLowerCase toUpperCase length substr',
      Function: 'constructor toString apply call length prototype',
      Object: 'constructor toString toLocaleString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable',
      Date: null
    };
    var names = Object.getOwnPropertyNames;
    function strip(object, words) {
      var all = names(object);
      for (var at = 0; at < all.length; at++)
        if ((' ' + words + ' ').indexOf(' ' + all[at] + ' ') < 0) delete object[all[at]];
    }
    for (var name in kept) if (kept[name]) strip(global[name].prototype, kept[name]);
    delete Date.now;
    delete Array.isArray;
    delete Math.imul;
    strip(Number, 'MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY prototype length name');
    var later =
      'JSON Promise Map Set WeakMap WeakSet Symbol ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array'.split(
        ' '
      );
    for (var at = 0; at < later.length; at++) delete global[later[at]];
    strip(Object, 'prototype length');
    var left = [
      'JSON' in global,
      !!global.addEventListener,
      !![].indexOf,
      !![].forEach,
      !!script.run.bind,
      !!Object.defineProperty,
      'Uint8Array' in global
    ];
    if (left.join() !== 'false,false,false,false,false,false,false') throw new Error('still there: ' + left);
  })(this);
}

load(script.args[0]);
load(script.args[1]);
