// The ways down that go by HTTP: ours, and the peers' of the same kind.
#define _GNU_SOURCE
#include "gen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void ask(conn *c);

// The next poll, which a pace keeps back until its time has come.
static void on_pace(conn *c) {
  c->http.early = 0;
  if (c->http.answered) ask(c);
}

static void answered(conn *c) {
  c->http.answered = 1;
  if (!c->http.early) ask(c);
}

static void begin_pace(conn *c) {
  c->http.answered = 0;
  if (opt.pace_ms <= 0 || c->state != STATE_READY) return;
  c->http.early = 1;
  later_at(now_ns() + (u64)(opt.pace_ms * 1e6), on_pace, c);
}

static void sockjs_request(conn *c) {
  char path[64];
  sprintf(path, "/sub/000/u%05d/%s", c->index, c->proto->path);
  if (c->proto->flags & BY_GET) http_get(c, path);
  else http_post(c, path, "", 0);
}

// What an element of a page asks for: the counts stand in the address, the session behind the ticket (SN-20).
static void attach_by_ticket(conn *c) {
  char path[512];
  session *s = &c->session;
  const char *callback = c->proto->flags & IN_LITERAL ? "&cb=everywire.j1" : "";
  const char *prompt = c->proto->shape == SHAPE_POLL && c->state != STATE_READY ? "&prompt=true" : "";
  sprintf(path, "/everywire/%s?ticket=%s%s%s&n=%d&ack=%ld&received=%ld&seen=%ld&sent=%ld&sum=%u", c->proto->path, c->http.ticket, callback, prompt, ++c->http.attach, s->received, s->received, s->seen, s->sent, s->sum);
  s->acknowledged = s->received;
  c->http.ticket[0] = 0;
  http_get(c, path);
}

static void attach(conn *c) {
  char text[1024], path[64];
  if (c->http.ticket[0]) {
    attach_by_ticket(c);
    return;
  }
  // The first poll is answered immediately, which confirms that the session exists.
  const char *prompt = c->proto->shape == SHAPE_POLL && c->http.attach == 0 ? "\"prompt\":true," : "";
  int size = sprintf(text, "{\"t\":\"attach\",\"id\":\"%s\",\"n\":%d,\"instance\":%d,%s", c->http.id, ++c->http.attach, c->index + 1, prompt);
  size += everywire_write_counts(&c->session, text + size);
  c->session.acknowledged = c->session.received;
  sprintf(path, "/everywire/%s", c->proto->flags & BY_TICKET ? "ticket" : c->proto->path);
  http_post(c, path, text, size);
}

static void send_up(conn *c) {
  session *s = &c->session;
  char text[1024];
  int size = sprintf(text, "{\"t\":\"body\",\"id\":\"%s\",\"first\":1,\"count\":0,", c->http.id);
  size += everywire_write_counts(s, text + size);
  s->acknowledged = s->received;
  acknowledgements++;
  c->http.up->http.busy = 1;
  http_post(c->http.up, "/everywire/up", text, size);
}

// A stream acknowledges by POST, on a connection of its own that is made for the first and kept.
static void acknowledge(conn *c) {
  session *s = &c->session;
  if ((s->received - s->acknowledged) * 4 < s->window) return;
  if (!c->http.up) {
    conn *up = calloc(1, sizeof *up);
    up->index = c->index;
    up->proto = c->proto;
    up->down = c;
    up->http.busy = 1;
    c->http.up = up;
    connection_join(up);
  } else if (!c->http.up->http.busy) {
    send_up(c);
  }
}

// Connected: the first request.
void way_open(conn *c) {
  char text[256];
  c->state = STATE_STEPS;
  if (c->down) {
    c->state = STATE_READY;
    connecting--;
    send_up(c->down);
  } else if (c->proto->family == FAMILY_EVERYWIRE) {
    http_post(c, "/everywire/open", text, everywire_write_open(c, text));
  } else if (c->proto->family == FAMILY_SOCKETIO) {
    http_get(c, "/socket.io/?EIO=4&transport=polling&role=sub");
  } else {
    sockjs_request(c);
  }
}

// Undoes what JSON does to a text; the payloads of the bench hold no other escapes.
static int unescape(const u8 *data, int size, u8 *out) {
  int written = 0;
  for (int i = 0; i < size; i++) {
    if (data[i] == '\\') out[written++] = data[++i] == 'n' ? '\n' : data[i];
    else out[written++] = data[i];
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
  if (size > 13 && !memcmp(line, "{\"t\":\"ticket\"", 13)) keep_ticket(c, line, size);
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

// A call of a function with one string, whose value is lines.
static void everywire_literal(conn *c, const u8 *data, int size) {
  static u8 lines[1 << 17];
  const u8 *from = memchr(data, '"', (size_t)size), *to = memrchr(data, '"', (size_t)size);
  if (from && to > from) everywire_items(c, lines, unescape(from + 1, (int)(to - from) - 1, lines));
}

static void everywire_body(conn *c, const u8 *body, int size) {
  if (c->down) {
    c->http.busy = 0;
    return;
  }
  if (c->http.attach == 0) {
    if (everywire_opened(c, body, size)) attach(c);
    else connection_drop(c, 1);
    return;
  }
  if (body[0] != '/' && c->proto->flags & BY_TICKET) {
    keep_ticket(c, body, size);
    attach(c);
    return;
  }
  if (c->proto->flags & IN_LITERAL) everywire_literal(c, body, size);
  else everywire_items(c, body, size);
  protocol_count(body, size);
  answered(c);
}

static int is_opening(const u8 *data, int size) {
  static const char *const openings[] = {"o\n", "data: o", "(\"o\")"};
  for (int i = 0; i < 3; i++) {
    if (memmem(data, (size_t)size, openings[i], strlen(openings[i]))) return 1;
  }
  return 0;
}

static void sockjs_body(conn *c, const u8 *body, int size) {
  if (c->state != STATE_READY && is_opening(body, size)) connection_ready(c);
  protocol_count(body, size);
  answered(c);
}

static void socketio_poll(conn *c) {
  char path[256];
  sprintf(path, "/socket.io/?EIO=4&transport=polling&role=sub&sid=%s", c->http.id);
  if (c->http.step == 1) http_post(c, path, "40", 2);
  else if (c->http.pinged) http_post(c, path, "3", 1);
  else http_get(c, path);
  c->http.pinged = 0;
}

// Engine.IO: a session by GET, then `40` by POST joins the namespace, then polls, which hold packets between RS.
static void socketio_body(conn *c, const u8 *body, int size) {
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
  c->http.pinged = size == 1 && body[0] == '2';
  if (c->http.step > 1 && memmem(body, (size_t)size, "40{", 3)) connection_ready(c);
  protocol_count(body, size);
  c->http.step++;
  answered(c);
}

static void ask(conn *c) {
  begin_pace(c);
  switch (c->proto->family) {
    case FAMILY_EVERYWIRE: attach(c); return;
    case FAMILY_SOCKETIO: socketio_poll(c); return;
    default: sockjs_request(c);
  }
}

void way_body(conn *c, const u8 *body, int size) {
  switch (c->proto->family) {
    case FAMILY_EVERYWIRE: everywire_body(c, body, size); return;
    case FAMILY_SOCKETIO: socketio_body(c, body, size); return;
    default: sockjs_body(c, body, size);
  }
}

void way_chunk(conn *c, u8 *data, int size) {
  if (c->proto->family == FAMILY_EVERYWIRE) {
    if (!(c->proto->flags & IN_FRAMES)) {
      everywire_items(c, data, size);
      protocol_count(data, size);
    } else if (websocket_parse(c, data, size) != size) {
      errors++;  // every chunk of the server's holds whole frames
    }
    acknowledge(c);
    return;
  }
  if (c->state != STATE_READY && is_opening(data, size)) connection_ready(c);
  protocol_count(data, size);
}

// A stream that reached its server's cap ends, and is asked for again; and so is a poll that was answered in chunks.
void way_end(conn *c) {
  if (c->proto->shape == SHAPE_POLL) answered(c);
  else if (c->proto->family == FAMILY_EVERYWIRE) attach(c);
  else sockjs_request(c);
}
