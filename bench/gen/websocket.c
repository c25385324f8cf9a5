#define _GNU_SOURCE
#include "gen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// RFC 6455 section 5.2; masked with one key for all, which costs the server the same as a random one.
int websocket_frame(u8 *out, int opcode, const u8 *data, int size) {
  static const u8 key[4] = {0x37, 0xfa, 0x21, 0x3d};
  int head = 2;
  out[0] = (u8)(0x80 | opcode);
  if (size < 126) out[1] = (u8)(0x80 | size);
  else if (size < 65536) {
    out[1] = 0x80 | 126;
    out[2] = (u8)(size >> 8);
    out[3] = (u8)size;
    head = 4;
  } else {
    fprintf(stderr, "gen: frame of %d bytes\n", size);
    exit(2);
  }
  memcpy(out + head, key, 4);
  head += 4;
  for (int i = 0; i < size; i++) out[head + i] = data[i] ^ key[i & 3];
  return head + size;
}

void websocket_send(conn *c, int opcode, const void *data, int size) {
  u8 frame[8192];
  connection_send(c, frame, websocket_frame(frame, opcode, data, size));
}

void websocket_upgrade(conn *c) {
  static const char *roles[] = {"sub", "pub", "relay"};
  const char *role = roles[c->role], *subprotocol = "";
  char path[256], request[1024], offer[512];
  switch (c->proto->family) {
    case FAMILY_SOCKETIO: sprintf(path, "/socket.io/?EIO=4&transport=websocket&role=%s&id=u%05d", role, c->index); break;
    case FAMILY_SOCKJS: sprintf(path, "/%s/000/u%05d/websocket", role, c->index); break;
    case FAMILY_EVERYWIRE: {
      sprintf(path, "/everywire/websocket");
      subprotocol = offer;
      int used = sprintf(offer, "Sec-WebSocket-Protocol: ");
      used += everywire_write_offer(c, offer + used);
      strcpy(offer + used, "\r\n");
      break;
    }
    default: sprintf(path, "/%s?id=u%05d", role, c->index);
  }
  int size = sprintf(request,
                     "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://localhost:%d\r\n%s\r\n",
                     path, opt.port, opt.port, subprotocol);
  c->state = STATE_UPGRADE;
  connection_send(c, (u8 *)request, size);
}

int websocket_parse(conn *c, u8 *data, int size) {
  int used = 0;
  while (size - used >= 2 && c->state != STATE_CLOSED) {
    const u8 *p = data + used;
    int have = size - used, head = 2, opcode = p[0] & 15;
    u64 length = p[1] & 127;
    if (length == 126) {
      if (have < 4) break;
      length = (u64)p[2] << 8 | p[3];
      head = 4;
    } else if (length == 127) {
      if (have < 10) break;
      length = 0;
      for (int i = 0; i < 8; i++) length = length << 8 | p[2 + i];
      head = 10;
    }
    if ((u64)(have - head) < length) break;
    if (opcode == 9) websocket_send(c, 10, p + head, (int)length);
    else if (opcode == 8) connection_drop(c, 1);
    else if (opcode != 10) protocol_message(c, opcode, p + head, (int)length);
    used += head + (int)length;
  }
  if (c->proto->family == FAMILY_EVERYWIRE && !IS_HTTP(c) && c->state == STATE_READY) everywire_read(c);
  return used;
}
