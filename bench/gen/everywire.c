// Our session protocol (docs/spec/session.md) as the smallest client that keeps all of its rules on one WebSocket: counts,
// checksum, acknowledgements at a quarter of the window, answers to heartbeats. What a real client costs the server, this does.
#define _GNU_SOURCE
#include "gen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int everywire_write_counts(const session *s, char *out) {
  return sprintf(out, "\"ack\":%ld,\"received\":%ld,\"seen\":%ld,\"sent\":%ld,\"sum\":%u}", s->received, s->received, s->seen, s->sent, s->sum);
}

static void send_record(conn *c, const char *text, int size) {
  char payload[1024];
  payload[0] = 0;
  memcpy(payload + 1, text, (size_t)size);
  websocket_send(c, 1, payload, size + 1);
}

static long field(const u8 *data, int size, const char *name) {
  const u8 *found = memmem(data, (size_t)size, name, strlen(name));
  return found ? strtol((const char *)found + strlen(name), NULL, 10) : 0;
}

static int is(const u8 *data, int size, const char *name) { return memmem(data, (size_t)(size < 32 ? size : 32), name, strlen(name)) != NULL; }

// The token tells the server of the bench which part this connection plays.
int everywire_write_open(conn *c, char *out) {
  static const char *roles[] = {"sub", "pub", "relay"};
  return sprintf(out, "{\"t\":\"open\",\"version\":2,\"nonce\":\"%032x\",\"token\":\"%s:u%05d\"}", c->index + 1, roles[c->role], c->index);
}

// What a page does: the record that opens and attaches is base64url, offered as a subprotocol (TR-40).
int everywire_write_offer(conn *c, char *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  char text[256];
  int size = everywire_write_open(c, text) - 1;
  size += sprintf(text + size, ",\"instance\":%d}", c->index + 1);
  int written = sprintf(out, "everywire.2, everywire.2.head, ");
  for (int i = 0; i < size; i += 3) {
    uint32_t bits = (uint32_t)(u8)text[i] << 16 | (i + 1 < size ? (uint32_t)(u8)text[i + 1] << 8 : 0) | (i + 2 < size ? (u8)text[i + 2] : 0);
    int count = size - i > 2 ? 4 : size - i + 1;
    for (int k = 0; k < count; k++) out[written++] = digits[bits >> (18 - 6 * k) & 63];
  }
  return written;
}

int everywire_opened(conn *c, const u8 *data, int size) {
  const u8 *id = memmem(data, (size_t)size, "\"id\":\"", 6);
  const u8 *down = memmem(data, (size_t)size, "\"down\":{", 8);
  if (!id || !down) return 0;
  id += 6;
  int length = (int)((const u8 *)memchr(id, '"', (size_t)(data + size - id)) - id);
  if (length >= (int)sizeof c->http.id) return 0;
  memcpy(c->http.id, id, (size_t)length);
  c->http.id[length] = 0;
  c->session.window = field(down, (int)(data + size - down), "\"messages\":");
  return 1;
}

int everywire_record(conn *c, const u8 *data, int size) {
  char text[256];
  if (size == 0 || data[0] != 0) return 0;
  long seen = field(data, size, "\"ack\":");
  if (seen > c->session.seen) c->session.seen = seen;
  if (is(data, size, "\"opened\"")) {
    if (!everywire_opened(c, data, size)) connection_drop(c, 1);
  } else if (is(data, size, "\"attached\"")) {
    if (!IS_HTTP(c)) send_record(c, text, sprintf(text, "{\"t\":\"from\",\"first\":1}"));
    if (c->state != STATE_READY) connection_ready(c);
  } else if (is(data, size, "\"ping\"")) {
    // `at` is the sender's last number on this link: where it is not ours, the stream was damaged on its way.
    if (field(data, size, "\"at\":") != c->session.received) errors++;
    if (IS_HTTP(c)) return 1;  // an acknowledgement is an answer, and there are some every second
    c->session.acknowledged = c->session.received;
    int written = sprintf(text, "{\"t\":\"pong\",\"at\":%ld,", c->session.sent);
    send_record(c, text, written + everywire_write_counts(&c->session, text + written));
  } else if (is(data, size, "\"closed\"") || is(data, size, "\"refused\"")) {
    fprintf(stderr, "gen: %.*s\n", size - 1, data + 1);
    connection_drop(c, 1);
  }
  return 1;
}

#define PRIME_1 0x9e3779b1u
#define PRIME_2 0x85ebca77u
#define PRIME_3 0xc2b2ae3du
#define PRIME_4 0x27d4eb2fu
#define PRIME_5 0x165667b1u

static uint32_t rotate_left(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

static uint32_t word_at(const u8 *data) {
  uint32_t word;
  memcpy(&word, data, 4);
  return word;
}

// SN-5: a message counts by xxHash32 of its bytes. Texts alone are sent here, whose seed is 0.
static uint32_t xxhash32(const u8 *data, int size) {
  const u8 *end = data + size;
  uint32_t hash = PRIME_5;
  if (size >= 16) {
    uint32_t lanes[4] = {PRIME_1 + PRIME_2, PRIME_2, 0, 0u - PRIME_1};
    for (; data + 16 <= end; data += 16)
      for (int k = 0; k < 4; k++) lanes[k] = rotate_left(lanes[k] + word_at(data + 4 * k) * PRIME_2, 13) * PRIME_1;
    hash = rotate_left(lanes[0], 1) + rotate_left(lanes[1], 7) + rotate_left(lanes[2], 12) + rotate_left(lanes[3], 18);
  }
  hash += (uint32_t)size;
  for (; data + 4 <= end; data += 4) hash = rotate_left(hash + word_at(data) * PRIME_3, 17) * PRIME_4;
  for (; data < end; data++) hash = rotate_left(hash + *data * PRIME_5, 11) * PRIME_1;
  hash = (hash ^ hash >> 15) * PRIME_2;
  hash = (hash ^ hash >> 13) * PRIME_3;
  return hash ^ hash >> 16;
}

void everywire_taken(conn *c, const u8 *data, int size) {
  c->session.sum = c->session.sum * PRIME_3 + xxhash32(data, size);
  c->session.received++;
}

int everywire_acknowledge(conn *c, u8 *frame) {
  session *s = &c->session;
  if (c->state != STATE_READY || (s->received - s->acknowledged) * 4 < s->window) return 0;
  char text[256];
  text[0] = 0;
  int size = 1 + sprintf(text + 1, "{\"t\":\"ack\",");
  size += everywire_write_counts(s, text + size);
  s->acknowledged = s->received;
  acknowledgements++;
  return websocket_frame(frame, 1, (u8 *)text, size);
}

void everywire_read(conn *c) {
  u8 frame[512];
  int size = everywire_acknowledge(c, frame);
  if (size) connection_send(c, frame, size);
}
