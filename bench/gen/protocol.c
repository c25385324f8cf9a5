#define _GNU_SOURCE
#include "gen.h"
#include <stdio.h>
#include <string.h>

const protocol protocols[] = {
  {"raw", FAMILY_RAW},
  {"socketio", FAMILY_SOCKETIO},
  {"socketio-poll", FAMILY_SOCKETIO, SHAPE_POLL, "", BY_GET},
  {"sockjs", FAMILY_SOCKJS},
  {"sockjs-stream", FAMILY_SOCKJS, SHAPE_STREAM, "xhr_streaming"},
  {"sockjs-events", FAMILY_SOCKJS, SHAPE_STREAM, "eventsource", BY_GET},
  {"sockjs-htmlfile", FAMILY_SOCKJS, SHAPE_STREAM, "htmlfile?c=callback", BY_GET},
  {"sockjs-poll", FAMILY_SOCKJS, SHAPE_POLL, "xhr"},
  {"sockjs-jsonp", FAMILY_SOCKJS, SHAPE_POLL, "jsonp?c=callback", BY_GET},
  {"everywire", FAMILY_EVERYWIRE},
  {"everywire-stream", FAMILY_EVERYWIRE, SHAPE_STREAM, "fetch-stream", IN_FRAMES},
  {"everywire-events", FAMILY_EVERYWIRE, SHAPE_STREAM, "event-stream"},
  {"everywire-xhr", FAMILY_EVERYWIRE, SHAPE_STREAM, "xhr-stream"},
  {"everywire-multipart", FAMILY_EVERYWIRE, SHAPE_STREAM, "multipart-stream"},
  {"everywire-iframe", FAMILY_EVERYWIRE, SHAPE_STREAM, "iframe-stream", BY_TICKET},
  {"everywire-htmlfile", FAMILY_EVERYWIRE, SHAPE_STREAM, "htmlfile-stream", BY_TICKET},
  {"everywire-xdr", FAMILY_EVERYWIRE, SHAPE_STREAM, "xdr-stream"},
  {"everywire-poll", FAMILY_EVERYWIRE, SHAPE_POLL, "long-poll"},
  {"everywire-xdrpoll", FAMILY_EVERYWIRE, SHAPE_POLL, "xdr-poll"},
  {"everywire-short", FAMILY_EVERYWIRE, SHAPE_POLL, "short-poll"},
  {"everywire-jsonp", FAMILY_EVERYWIRE, SHAPE_POLL, "jsonp-poll", BY_TICKET | IN_LITERAL},
  {NULL},
};

// A message is JSON of exactly `--payload` bytes that carries "@T" and 16 hex digits of its sending time in ns, so that a
// delivery is counted wherever the marker arrives, whatever framing surrounds it.
static int write_json(char *out, int from, int to, u64 at, int escaped) {
  char text[2048];
  int size = sprintf(text, "{\"k\":\"m\",\"to\":\"u%05d\",\"ts\":\"@T%016llx\",\"f\":\"u%05d\",\"b\":\"", to, (unsigned long long)at, from);
  int padding = opt.payload - size - 2;
  for (int i = 0; i < padding; i++) text[size++] = (char)('a' + i % 26);
  text[size++] = '"';
  text[size++] = '}';
  int written = 0;
  for (int i = 0; i < size; i++) {
    if (escaped && text[i] == '"') out[written++] = '\\';
    out[written++] = text[i];
  }
  return written;
}

static int write_message(conn *c, int to, u64 at, char *out) {
  int size;
  switch (c->proto->family) {
    case FAMILY_SOCKETIO:
      size = sprintf(out, "42[\"m\",");
      size += write_json(out + size, c->index, to, at, 0);
      out[size++] = ']';
      return size;
    case FAMILY_SOCKJS:
      size = sprintf(out, "[\"");
      size += write_json(out + size, c->index, to, at, 1);
      out[size++] = '"';
      out[size++] = ']';
      return size;
    default: return write_json(out, c->index, to, at, 0);
  }
}

void protocol_send(conn *c, int to, int count) {
  static u8 frames[1 << 17];
  char message[4096];
  u64 at = now_ns();
  int size = c->proto->family == FAMILY_EVERYWIRE ? everywire_acknowledge(c, frames) : 0;
  for (int i = 0; i < count; i++) size += websocket_frame(frames + size, 1, (u8 *)message, write_message(c, to, at, message));
  connection_send(c, frames, size);
  c->session.sent += count;
  sent += (u64)count;
  if (measuring) sent_measured += (u64)count;
}

static int hex_value(int c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

static int count_markers(const u8 *data, int size) {
  int count = 0;
  const u8 *end = data + size;
  for (;;) {
    const u8 *found = memmem(data, (size_t)(end - data), "@T", 2);
    if (!found || end - found < 18) return count;
    u64 at = 0;
    for (int i = 2; i < 18; i++) at = at << 4 | (u64)hex_value(found[i]);
    data = found + 18;
    count++;
    delivered++;
    if (measuring) {
      delivered_measured++;
      histogram_add(received_at - at);
    }
  }
}

void protocol_count(const u8 *data, int size) { count_markers(data, size); }

void protocol_open(conn *c) {
  if (c->proto->family == FAMILY_RAW) connection_ready(c);
}

static void step(conn *c, const u8 *data, int size) {
  if (c->proto->family == FAMILY_SOCKETIO) {
    if (data[0] == '0') websocket_send(c, 1, "40", 2);
    else if (size > 1 && data[0] == '4' && data[1] == '0') connection_ready(c);
  } else if (c->proto->family == FAMILY_SOCKJS && data[0] == 'o') {
    connection_ready(c);
  }
}

void protocol_message(conn *c, int opcode, const u8 *data, int size) {
  (void)opcode;
  if (c->proto->family == FAMILY_EVERYWIRE) {
    if (everywire_record(c, data, size)) return;
    everywire_taken(c, data, size);
  } else if (c->state == STATE_STEPS) {
    step(c, data, size);
    return;
  } else if (c->proto->family == FAMILY_SOCKETIO && size == 1 && data[0] == '2') {
    websocket_send(c, 1, "3", 1);
    return;
  }
  int count = count_markers(data, size);
  if (opt.mode == MODE_RELAY && !stopping) {
    for (int i = 0; i < count; i++) protocol_send(c, c->index ^ 1, 1);
  }
}
