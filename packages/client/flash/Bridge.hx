import flash.Lib;
import flash.events.Event;
import flash.events.IOErrorEvent;
import flash.events.ProgressEvent;
import flash.events.SecurityErrorEvent;
import flash.external.ExternalInterface;
import flash.net.Socket;
import flash.system.Security;
import flash.utils.ByteArray;
import haxe.crypto.Base64;
import haxe.io.Bytes;

/**
	Gives a page TCP sockets: passes the bytes of each connection in both directions as Base64, without interpreting them.

	The page calls `everywireConnect(id, host, port)`, `everywireWrite(id, base64)` and `everywireClose(id)`; the movie calls
	`everywireFlash(id, event, base64)` with `ready` (of the movie), `open`, `data`, and once `end` or `error`.
**/
class Bridge {
	static final sockets = new Map<Int, Socket>();

	static function main() {
		ExternalInterface.addCallback("everywireConnect", connect);
		ExternalInterface.addCallback("everywireWrite", write);
		ExternalInterface.addCallback("everywireClose", close);
		tell(0, "ready", "");
	}

	static function connect(id:Int, host:String, port:Int) {
		// Requests the policy file from the same port; by default a player asks port 843 first.
		Security.loadPolicyFile('xmlsocket://$host:$port');
		final socket = new Socket();
		sockets.set(id, socket);
		socket.addEventListener(Event.CONNECT, _ -> tell(id, "open", ""));
		socket.addEventListener(ProgressEvent.SOCKET_DATA, _ -> {
			final bytes = new ByteArray();
			socket.readBytes(bytes, 0, socket.bytesAvailable);
			tell(id, "data", Base64.encode(Bytes.ofData(bytes)));
		});
		socket.addEventListener(Event.CLOSE, _ -> end(id, "end"));
		socket.addEventListener(IOErrorEvent.IO_ERROR, _ -> end(id, "error"));
		socket.addEventListener(SecurityErrorEvent.SECURITY_ERROR, _ -> end(id, "error"));
		socket.connect(host, port);
	}

	static function write(id:Int, base64:String) {
		final socket = sockets.get(id);
		if (socket == null || !socket.connected)
			return;
		socket.writeBytes(Base64.decode(base64).getData());
		socket.flush();
	}

	static function close(id:Int) {
		final socket = sockets.get(id);
		sockets.remove(id);
		if (socket != null && socket.connected)
			socket.close();
	}

	static function end(id:Int, event:String) {
		if (sockets.remove(id))
			tell(id, event, "");
	}

	static function tell(id:Int, event:String, base64:String) {
		ExternalInterface.call("everywireFlash", id, event, base64);
	}
}
