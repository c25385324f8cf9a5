/** A chat page for any browser since Internet Explorer 6: what everyone says, as text. */
/* global everywire, document, location, window */
(function () {
  var find = function (id) {
    return document.getElementById(id);
  };
  // `?transports=xhr-stream` holds it to one.
  var asked = /[?&]transports=([\w-]+)/.exec(location.search);
  var client = everywire.createWireClient('/everywire', asked ? { transports: [asked[1]] } : {});

  /** As text, whatever it says: nothing of it is read as HTML. */
  function show(node, text) {
    while (node.firstChild) node.removeChild(node.firstChild);
    node.appendChild(document.createTextNode(text));
  }

  client.onmessage = function (event) {
    var item = document.createElement('li');
    show(item, event.data);
    find('messages').appendChild(item);
  };
  client.onstatuschange = function () {
    show(find('status'), client.transport ? 'Connected by ' + client.transport : client.status.state);
  };
  client.onclose = function (event) {
    show(find('status'), 'Ended: ' + event.reason);
  };
  find('form').onsubmit = function () {
    var field = find('text');
    if (field.value) client.send(field.value);
    field.value = '';
    return false;
  };
})();
