#define _GNU_SOURCE
#include "gen.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static int epoll_fd;
static u8 buffer[1 << 20];

void connection_start(conn *c, int epoll) {
  epoll_fd = epoll;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  // Closing resets, so that ten thousand connections leave no TIME_WAIT for the next cell.
  struct linger reset = {1, 0};
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  setsockopt(fd, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &one, sizeof one);
  // 5,000 connections an address of 127.0.0.0/8: more would run out of ports.
  struct sockaddr_in address = {.sin_family = AF_INET};
  address.sin_addr.s_addr = htonl(0x7f000002 + (uint32_t)c->index / 5000);
  bind(fd, (void *)&address, sizeof address);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons((uint16_t)opt.port);
  c->fd = fd;
  c->state = STATE_CONNECTING;
  c->want_out = 1;
  connecting++;
  if (connect(fd, (void *)&address, sizeof address) < 0 && errno != EINPROGRESS) {
    perror("gen: connect");
    exit(2);
  }
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

void connection_join(conn *c) { connection_start(c, epoll_fd); }

void connection_want(conn *c, int out) {
  if (c->want_out == out) return;
  c->want_out = out;
  struct epoll_event event = {.events = EPOLLIN | (out ? EPOLLOUT : 0), .data.ptr = c};
  epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &event);
}

void connection_ready(conn *c) {
  c->state = STATE_READY;
  ready++;
  connecting--;
}

void connection_drop(conn *c, int error) {
  if (c->state == STATE_CLOSED) return;
  if (c->state != STATE_READY) connecting--;
  errors += error;
  closed++;
  close(c->fd);
  c->state = STATE_CLOSED;
}

void connection_send(conn *c, const u8 *data, int size) {
  if (opt.delay_ms > 0) later_send(c, data, size);
  else connection_write(c, data, size);
}

void connection_write(conn *c, const u8 *data, int size) {
  if (c->out_size == 0) {
    ssize_t done = send(c->fd, data, (size_t)size, MSG_NOSIGNAL);
    if (done == size) return;
    if (done < 0 && errno != EAGAIN) {
      connection_drop(c, 1);
      return;
    }
    if (done > 0) {
      data += done;
      size -= (int)done;
    }
  }
  if (c->out_size + size > c->out_capacity) {
    c->out_capacity = (c->out_size + size) * 2;
    c->out = realloc(c->out, (size_t)c->out_capacity);
  }
  memcpy(c->out + c->out_size, data, (size_t)size);
  c->out_size += size;
  connection_want(c, 1);
}

static void flush(conn *c) {
  ssize_t done = send(c->fd, c->out, (size_t)c->out_size, MSG_NOSIGNAL);
  if (done > 0) {
    memmove(c->out, c->out + done, (size_t)(c->out_size - done));
    c->out_size -= (int)done;
  }
  if (c->out_size == 0) connection_want(c, 0);
}

// The answer to the upgrade: bytes used, 0 when it is not whole yet, -1 when the connection is gone.
static int upgraded(conn *c, int size) {
  u8 *end = memmem(buffer, (size_t)size, "\r\n\r\n", 4);
  if (!end) return 0;
  if (memcmp(buffer + 9, "101", 3)) {
    fprintf(stderr, "gen: upgrade refused: %.80s\n", buffer);
    connection_drop(c, 1);
    return -1;
  }
  c->state = STATE_STEPS;
  protocol_open(c);
  return (int)(end + 4 - buffer);
}

static void keep(conn *c, const u8 *data, int size) {
  if (size > c->left_capacity) {
    c->left_capacity = size + 256;
    c->left = realloc(c->left, (size_t)c->left_capacity);
  }
  if (size) memcpy(c->left, data, (size_t)size);
  c->left_size = size;
}

// Left over and what came lie together in the buffer.
static void use(conn *c, int size) {
  int used = 0;
  received_at = now_ns();
  if (c->state == STATE_UPGRADE && (used = upgraded(c, size)) < 0) return;
  if (IS_HTTP(c)) used = http_parse(c, buffer, size);
  else if (c->state == STATE_STEPS || c->state == STATE_READY) used += websocket_parse(c, buffer + used, size - used);
  if (c->state != STATE_CLOSED) keep(c, buffer + used, size - used);
}

void connection_read(conn *c, const u8 *data, int size) {
  memcpy(buffer, c->left, (size_t)c->left_size);
  memcpy(buffer + c->left_size, data, (size_t)size);
  use(c, c->left_size + size);
}

static void connected(conn *c) {
  if (IS_HTTP(c)) way_open(c);
  else websocket_upgrade(c);
}

// Of the round trip that a connection takes to open, the second half.
static void half_connected(conn *c) { later_at(now_ns() + (u64)(opt.delay_ms * 1e6), connected, c); }

static void on_connecting(conn *c, uint32_t events) {
  if (events & (EPOLLERR | EPOLLHUP)) {
    connection_drop(c, 1);
    return;
  }
  if (!(events & EPOLLOUT) || c->want_out == 0) return;
  connection_want(c, 0);
  if (opt.delay_ms > 0) later_at(now_ns() + (u64)(opt.delay_ms * 1e6), half_connected, c);
  else connected(c);
}

void connection_event(conn *c, uint32_t events) {
  if (c->state == STATE_CLOSED) return;
  if (c->state == STATE_CONNECTING) {
    on_connecting(c, events);
    return;
  }
  if ((events & EPOLLOUT) && c->out_size) flush(c);
  if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR))) return;
  u8 *to = buffer;
  if (opt.delay_ms == 0 && c->left_size) {
    memcpy(buffer, c->left, (size_t)c->left_size);
    to += c->left_size;
  }
  ssize_t got = recv(c->fd, to, sizeof buffer - (size_t)(to - buffer), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) connection_drop(c, 1);
  else if (opt.delay_ms > 0) later_receive(c, buffer, (int)got);
  else use(c, c->left_size + (int)got);
}
