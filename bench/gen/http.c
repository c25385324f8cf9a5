// HTTP/1.1 as far as transports need it: one request at a time on a connection, answers by length or in chunks.
#define _GNU_SOURCE
#include "gen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void http_post(conn *c, const char *path, const char *body, int size) {
  char request[4096];
  int head = sprintf(request, "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: http://localhost:%d\r\nContent-Type: text/plain;charset=utf-8\r\nContent-Length: %d\r\n\r\n",
                     path, opt.port, opt.port, size);
  memcpy(request + head, body, (size_t)size);
  connection_send(c, (u8 *)request, head + size);
}

void http_get(conn *c, const char *path) {
  char request[1024];
  connection_send(c, (u8 *)request, sprintf(request, "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nAccept: */*\r\n\r\n", path, opt.port));
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
    way_body(c, data, c->http.length);
    return c->http.length;
  }
  u8 *line = memmem(data, (size_t)(size < 20 ? size : 20), "\r\n", 2);
  if (!line) return 0;
  int length = (int)strtol((char *)data, NULL, 16), head = (int)(line + 2 - data);
  if (size < head + length + 2) return 0;
  if (length == 0) {
    c->http.reading = 0;
    way_end(c);
  } else {
    way_chunk(c, data + head, length);
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
