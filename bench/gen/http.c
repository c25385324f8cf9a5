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

static void get(conn *c, const char *path) {
  char request[1024];
  connection_send(c, (u8 *)request, sprintf(request, "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nAccept: */*\r\n\r\n", path, opt.port));
}

static void sockjs_request(conn *c) {
  char path[64];
  int size = sprintf(path, "/sub/000/u%05d/", c->index);
  switch (c->proto) {
    case PROTO_SOCKJS_EVENTS: strcpy(path + size, "eventsource"); get(c, path); return;
    case PROTO_SOCKJS_HTMLFILE: strcpy(path + size, "htmlfile?c=callback"); get(c, path); return;
    default: strcpy(path + size, c->proto == PROTO_SOCKJS_STREAM ? "xhr_streaming" : "xhr"); post(c, path, "", 0);
  }
}

static int is_everywire(const conn *c) {
  return c->proto == PROTO_EVERYWIRE_STREAM || c->proto == PROTO_EVERYWIRE_POLL || (c->proto >= PROTO_EVERYWIRE_EVENTS && c->proto <= PROTO_EVERYWIRE_IFRAME);
}

static const char *everywire_path(const conn *c) {
  switch (c->proto) {
    case PROTO_EVERYWIRE_STREAM: return "/everywire/fetch-stream";
    case PROTO_EVERYWIRE_EVENTS: return "/everywire/event-stream";
    case PROTO_EVERYWIRE_XHR: return "/everywire/xhr-stream";
    case PROTO_EVERYWIRE_MULTIPART: return "/everywire/multipart-stream";
    case PROTO_EVERYWIRE_IFRAME: return "/everywire/iframe-stream";
    default: return "/everywire/long-poll";
  }
}

// What an element of a page asks for: the counts stand in the address, the session behind the ticket (SN-20).
static void attach_by_ticket(conn *c) {
  char path[512];
  session *s = &c->session;
  sprintf(path, "%s?ticket=%s&n=%d&ack=%ld&received=%ld&seen=%ld&sent=%ld&sum=%u", everywire_path(c), c->http.ticket, ++c->http.attach, s->received, s->received, s->seen, s->sent, s->sum);
  s->acknowledged = s->received;
  c->http.ticket[0] = 0;
  get(c, path);
}

static void attach(conn *c) {
  char text[1024];
  if (c->http.ticket[0]) {
    attach_by_ticket(c);
    return;
  }
  // The first poll is answered at once, and so says that the session is there.
  const char *prompt = c->proto == PROTO_EVERYWIRE_POLL && c->http.attach == 0 ? "\"prompt\":true," : "";
  int size = sprintf(text, "{\"t\":\"attach\",\"id\":\"%s\",\"n\":%d,\"instance\":%d,%s", c->http.id, ++c->http.attach, c->index + 1, prompt);
  size += everywire_write_counts(&c->session, text + size);
  c->session.acknowledged = c->session.received;
  post(c, c->proto == PROTO_EVERYWIRE_IFRAME ? "/everywire/ticket" : everywire_path(c), text, size);
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
  } else if (is_everywire(c)) {
    post(c, "/everywire/open", text, everywire_write_open(c, text));
  } else if (c->proto == PROTO_SOCKETIO_POLL) {
    get(c, "/socket.io/?EIO=4&transport=polling&role=sub");
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

static void keep_ticket(conn *c, const u8 *data, int size) {
  const u8 *ticket = memmem(data, (size_t)size, "\"ticket\":\"", 10), *end = data + size;
  if (!ticket) return;
  const u8 *stop = memchr(ticket + 10, '"', (size_t)(end - ticket - 10));
  if (!stop || stop - ticket - 10 >= (int)sizeof c->http.ticket) return;
  memcpy(c->http.ticket, ticket + 10, (size_t)(stop - ticket - 10));
  c->http.ticket[stop - ticket - 10] = 0;
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
  if (size > 14 && !memcmp(line, "{\"t\":\"ticket\"", 14)) keep_ticket(c, line, size);
  everywire_record(c, text, size + 1);
}

// Items of whatever encoding that puts JSON into lines: what else a line holds is passed over.
static void everywire_items(conn *c, const u8 *data, int size) {
  static u8 literal[1 << 16];
  const u8 *end = data + size;
  for (const u8 *line = data; line < end;) {
    const u8 *stop = memchr(line, '\n', (size_t)(end - line));
    if (!stop) return;
    const u8 *from = line, *to = stop;
    line = stop + 1;
    while (from < to && *from == ' ') from++;
    if (to > from && to[-1] == '\r') to--;
    if (to - from > 6 && !memcmp(from, "data: ", 6)) from += 6;
    if (to - from > 22 && !memcmp(from, "<script>e(\"", 11)) {
      int length = unescape(from + 11, (int)(to - from) - 22, literal);
      everywire_line(c, literal, length);
    } else if (from < to && (*from == '"' || *from == '{')) {
      everywire_line(c, from, (int)(to - from));
    }
  }
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
    if (c->proto != PROTO_EVERYWIRE_POLL) {
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
  if (c->proto == PROTO_EVERYWIRE_IFRAME) keep_ticket(c, body, size);
  else everywire_items(c, body, size);
  protocol_count(body, size);
  attach(c);
}

static void sockjs_body(conn *c, const u8 *body, int size) {
  if (size && body[0] == 'o') connection_ready(c);
  protocol_count(body, size);
  sockjs_request(c);
}

// Engine.IO: a session by GET, then `40` by POST joins the namespace, then polls, which hold packets between RS.
static void socketio_body(conn *c, const u8 *body, int size) {
  char path[256];
  if (c->http.step == 0) {
    const u8 *id = memmem(body, (size_t)size, "\"sid\":\"", 7);
    if (!id) {
      connection_drop(c, 1);
      return;
    }
    id += 7;
    int length = (int)((const u8 *)memchr(id, '"', (size_t)(body + size - id)) - id);
    memcpy(c->http.id, id, (size_t)length);
    c->http.id[length] = 0;
  }
  int ping = size == 1 && body[0] == '2';
  if (c->http.step > 1 && memmem(body, (size_t)size, "40{", 3)) connection_ready(c);
  protocol_count(body, size);
  sprintf(path, "/socket.io/?EIO=4&transport=polling&role=sub&sid=%s", c->http.id);
  int step = c->http.step++;
  if (step == 0) post(c, path, "40", 2);
  else if (ping) post(c, path, "3", 1);
  else get(c, path);
}

static void on_body(conn *c, const u8 *body, int size) {
  if (c->proto == PROTO_SOCKETIO_POLL) socketio_body(c, body, size);
  else if (c->proto == PROTO_SOCKJS_POLL) sockjs_body(c, body, size);
  else everywire_body(c, body, size);
}

static void on_chunk(conn *c, u8 *data, int size) {
  if (c->proto == PROTO_EVERYWIRE_STREAM) {
    // Every chunk of the server's holds whole frames.
    if (websocket_parse(c, data, size) != size) errors++;
    acknowledge(c);
    return;
  }
  if (is_everywire(c)) {
    everywire_items(c, data, size);
    protocol_count(data, size);
    acknowledge(c);
    return;
  }
  const char *opening = c->proto == PROTO_SOCKJS_EVENTS ? "data: o" : c->proto == PROTO_SOCKJS_HTMLFILE ? "p(\"o\")" : "o\n";
  if (c->state != STATE_READY && memmem(data, (size_t)size, opening, strlen(opening))) connection_ready(c);
  protocol_count(data, size);
}

// A stream that reached its server's cap ends, and is asked for again.
static void on_end(conn *c) {
  if (is_everywire(c)) attach(c);
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
