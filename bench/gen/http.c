// HTTP/1.1 as far as transports need it: one request at a time on a connection, answers by length or in chunks; and the ways down
// that go by it, ours and SockJS's of the same kind.
#define _GNU_SOURCE
#include "gen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void post(conn *c, const char *path, const char *body, int size) {
  char request[4096];
  int head = sprintf(request, "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: http://localhost:%d\r\nContent-Type: text/plain;charset=utf-8\r\nContent-Length: %d\r\n\r\n",
                     path, opt.port, opt.port, size);
  memcpy(request + head, body, (size_t)size);
  connection_send(c, (u8 *)request, head + size);
}

static void sockjs_request(conn *c) {
  char path[64];
  sprintf(path, "/sub/000/u%05d/%s", c->index, c->proto == PROTO_SOCKJS_STREAM ? "xhr_streaming" : "xhr");
  post(c, path, "", 0);
}

static void attach(conn *c) {
  char text[1024];
  // The first poll is answered at once, and so says that the session is there.
  const char *prompt = c->proto == PROTO_EVERYWIRE_POLL && c->http.attach == 0 ? "\"prompt\":true," : "";
  int size = sprintf(text, "{\"t\":\"attach\",\"id\":\"%s\",\"n\":%d,\"instance\":%d,%s", c->http.id, ++c->http.attach, c->index + 1, prompt);
  size += everywire_write_counts(&c->session, text + size);
  c->session.acknowledged = c->session.received;
  post(c, c->proto == PROTO_EVERYWIRE_STREAM ? "/everywire/fetch-stream" : "/everywire/long-poll", text, size);
}

// A stream acknowledges by POST, on a connection of its own that is kept.
static void acknowledge(conn *c) {
  session *s = &c->session;
  conn *up = c->http.up;
  if (up->state != STATE_READY || up->http.busy || (s->received - s->acknowledged) * 4 < s->window) return;
  char text[1024];
  int size = sprintf(text, "{\"t\":\"body\",\"id\":\"%s\",\"first\":1,\"count\":0,", c->http.id);
  size += everywire_write_counts(s, text + size);
  s->acknowledged = s->received;
  acknowledgements++;
  up->http.busy = 1;
  post(up, "/everywire/up", text, size);
}

// Connected: the first request. What only goes up waits for the first acknowledgement.
void http_open(conn *c) {
  char text[256];
  c->state = STATE_STEPS;
  if (c->down) {
    c->state = STATE_READY;
    connecting--;
  } else if (c->proto == PROTO_EVERYWIRE_STREAM || c->proto == PROTO_EVERYWIRE_POLL) {
    post(c, "/everywire/open", text, everywire_write_open(c, text));
  } else {
    sockjs_request(c);
  }
}

// Undoes what JSON does to a text; the payloads of the bench hold no other escapes.
static int unescape(const u8 *data, int size, u8 *out) {
  int written = 0;
  for (int i = 0; i < size; i++) {
    if (data[i] == '\\') i++;
    out[written++] = data[i];
  }
  return written;
}

// One line of a poll's answer: a record, or a text between quotes.
static void everywire_line(conn *c, const u8 *line, int size) {
  static u8 text[1 << 16];
  if (size > 2 && line[0] == '"') {
    everywire_taken(c, text, unescape(line + 1, size - 2, text));
    return;
  }
  text[0] = 0;
  memcpy(text + 1, line, (size_t)size);
  everywire_record(c, text, size + 1);
}

static void everywire_body(conn *c, const u8 *body, int size) {
  if (c->down) {
    c->http.busy = 0;
    return;
  }
  if (c->http.attach == 0) {
    if (!everywire_opened(c, body, size)) {
      connection_drop(c, 1);
      return;
    }
    if (c->proto == PROTO_EVERYWIRE_STREAM) {
      conn *up = calloc(1, sizeof *up);
      up->index = c->index;
      up->proto = c->proto;
      up->down = c;
      c->http.up = up;
      connection_join(up);
    }
    attach(c);
    return;
  }
  const u8 *end = body + size;
  for (const u8 *line = body; line < end;) {
    const u8 *stop = memchr(line, '\n', (size_t)(end - line));
    if (!stop) break;
    everywire_line(c, line, (int)(stop - line));
    line = stop + 1;
  }
  protocol_count(body, size);
  attach(c);
}

static void sockjs_body(conn *c, const u8 *body, int size) {
  if (size && body[0] == 'o') connection_ready(c);
  protocol_count(body, size);
  sockjs_request(c);
}

static void on_body(conn *c, const u8 *body, int size) {
  if (c->proto == PROTO_SOCKJS_POLL) sockjs_body(c, body, size);
  else everywire_body(c, body, size);
}

static void on_chunk(conn *c, u8 *data, int size) {
  if (c->proto == PROTO_EVERYWIRE_STREAM) {
    // Every chunk of the server's holds whole frames.
    if (websocket_parse(c, data, size) != size) errors++;
    acknowledge(c);
    return;
  }
  if (c->state != STATE_READY && memmem(data, (size_t)size, "o\n", 2)) connection_ready(c);
  protocol_count(data, size);
}

// A stream that reached its server's cap ends, and is asked for again.
static void on_end(conn *c) {
  if (c->proto == PROTO_EVERYWIRE_STREAM) attach(c);
  else sockjs_request(c);
}

static int parse_head(conn *c, const u8 *data, int size) {
  u8 *end = memmem(data, (size_t)size, "\r\n\r\n", 4);
  if (!end) return 0;
  *end = 0;
  const char *head = (const char *)data, *length = strcasestr(head, "\r\ncontent-length:");
  if (strncmp(head + 9, "200", 3)) {
    fprintf(stderr, "gen: answer %.60s\n", head);
    connection_drop(c, 1);
    return 0;
  }
  c->http.reading = 1;
  c->http.chunked = strcasestr(head, "\r\ntransfer-encoding: chunked") != NULL;
  c->http.length = length ? atoi(length + 17) : 0;
  return (int)(end + 4 - data);
}

// One chunk, or a whole body: bytes used, 0 while it is not all there.
static int parse_body(conn *c, u8 *data, int size) {
  if (!c->http.chunked) {
    if (size < c->http.length) return 0;
    c->http.reading = 0;
    on_body(c, data, c->http.length);
    return c->http.length;
  }
  u8 *line = memmem(data, (size_t)(size < 20 ? size : 20), "\r\n", 2);
  if (!line) return 0;
  int length = (int)strtol((char *)data, NULL, 16), head = (int)(line + 2 - data);
  if (size < head + length + 2) return 0;
  if (length == 0) {
    c->http.reading = 0;
    on_end(c);
  } else {
    on_chunk(c, data + head, length);
  }
  return head + length + 2;
}

int http_parse(conn *c, u8 *data, int size) {
  int used = 0;
  while (used < size && c->state != STATE_CLOSED) {
    int reading = c->http.reading;
    int step = reading ? parse_body(c, data + used, size - used) : parse_head(c, data + used, size - used);
    if (step == 0) break;
    used += step;
  }
  return used;
}
