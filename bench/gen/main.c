// Load generator for realtime servers: N WebSocket clients on one thread, prints one line of JSON.
//
// Times are microseconds. `cpu_us` is the server's processor time per delivered message, read from /proc, `foreign_pct` what
// the rest of the machine used meanwhile: a busy machine spoils a figure.
#define _GNU_SOURCE
#include "gen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

options opt = {.port = 9000, .connections = 1000, .burst = 1, .payload = 128, .concurrent = 100, .warm_s = 1, .measure_s = 5, .settle_s = 3};
u64 received_at, delivered, delivered_measured, sent, sent_measured, acknowledgements;
int measuring, stopping, ready, connecting, closed, errors;

static const char *const modes[MODE_COUNT] = {"fan", "relay", "relayrate", "idle"};
static int epoll_fd, server_pid;
static conn *connections;
static int connection_count;

static void fail(const char *what) {
  fprintf(stderr, "gen: %s (ready %d of %d, errors %d)\n", what, ready, connection_count, errors);
  exit(2);
}

static int index_of(const char *value, const char *const *names, int count) {
  for (int i = 0; i < count; i++) {
    if (!strcmp(value, names[i])) return i;
  }
  fail(value);
  return 0;
}

static const protocol *protocol_of(const char *name) {
  for (const protocol *p = protocols; p->name; p++) {
    if (!strcmp(name, p->name)) return p;
  }
  fail(name);
  return NULL;
}

static void read_options(int argc, char **argv) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const char *name = argv[i], *value = argv[i + 1];
    if (!strcmp(name, "--proto")) opt.proto = protocol_of(value);
    else if (!strcmp(name, "--mode")) opt.mode = index_of(value, modes, MODE_COUNT);
    else if (!strcmp(name, "--port")) opt.port = atoi(value);
    else if (!strcmp(name, "--pid")) server_pid = atoi(value);
    else if (!strcmp(name, "--n")) opt.connections = atoi(value);
    else if (!strcmp(name, "--rate")) opt.rate = atof(value);
    else if (!strcmp(name, "--burst")) opt.burst = atoi(value);
    else if (!strcmp(name, "--window")) opt.window = atoi(value);
    else if (!strcmp(name, "--payload")) opt.payload = atoi(value);
    else if (!strcmp(name, "--concurrent")) opt.concurrent = atoi(value);
    else if (!strcmp(name, "--warm")) opt.warm_s = atof(value);
    else if (!strcmp(name, "--measure")) opt.measure_s = atof(value);
    else if (!strcmp(name, "--settle")) opt.settle_s = atof(value);
    else if (!strcmp(name, "--delay")) opt.delay_ms = atof(value);
    else if (!strcmp(name, "--pace")) opt.pace_ms = atof(value);
    else fail(name);
  }
}

static void pump(int timeout_ms) {
  static struct epoll_event events[1024];
  int later_ms = later_run();
  int count = epoll_wait(epoll_fd, events, 1024, later_ms < 0 || timeout_ms < later_ms ? timeout_ms : later_ms);
  for (int i = 0; i < count; i++) connection_event(events[i].data.ptr, events[i].events);
}

static void run_for(double seconds) {
  u64 end = now_ns() + (u64)(seconds * 1e9);
  for (u64 at; (at = now_ns()) < end;) pump(end - at > 2000000 ? (int)((end - at) / 1000000) : 1);
}

// Publishers use a WebSocket, so that only the downstream link is measured.
static const protocol *publisher_proto(void) {
  for (const protocol *p = protocols;; p++) {
    if (p->family == opt.proto->family && p->shape == SHAPE_SOCKET) return p;
  }
}

static void connect_all(void) {
  connection_count = opt.connections + (opt.mode == MODE_FAN);
  connections = calloc((size_t)connection_count, sizeof *connections);
  u64 deadline = now_ns() + 120ull * 1000000000ull;
  for (int next = 0; ready < connection_count;) {
    for (; next < connection_count && connecting < opt.concurrent; next++) {
      conn *c = &connections[next];
      c->index = next;
      c->role = opt.mode == MODE_FAN && next == opt.connections ? ROLE_PUBLISHER : opt.mode == MODE_FAN || opt.mode == MODE_IDLE ? ROLE_SUBSCRIBER : ROLE_USER;
      c->proto = c->role == ROLE_PUBLISHER ? publisher_proto() : opt.proto;
      connection_start(c, epoll_fd);
    }
    pump(100);
    if (errors > 50 || now_ns() > deadline || closed + ready < 0) fail("could not connect");
  }
}

// Sends what is due, and returns how long to wait: a publisher's messages at a rate, in a window, or each user's in turn.
static int send_due(u64 start, u64 *turn) {
  double step = opt.rate > 0 ? 1e9 * opt.burst / opt.rate : 0;
  conn *publisher = &connections[opt.connections];
  if (opt.mode == MODE_FAN && publisher->state != STATE_READY) fail("lost the publisher");
  if (opt.mode == MODE_FAN && opt.window) {
    while (sent + (u64)opt.burst <= delivered / (u64)opt.connections + (u64)opt.window && publisher->out_size == 0) protocol_send(publisher, 0, opt.burst);
    return 5;
  }
  if (opt.mode == MODE_RELAY) return 100;
  u64 at = now_ns(), due = start + (u64)((double)*turn * step);
  for (int budget = 64; due <= at && budget > 0; budget--) {
    int user = (int)(*turn % (u64)connection_count);
    if (opt.mode == MODE_FAN) protocol_send(publisher, 0, opt.burst);
    else if (connections[user].state == STATE_READY) protocol_send(&connections[user], user ^ 1, 1);
    *turn += 1;
    due = start + (u64)((double)*turn * step);
  }
  return due > at + 2000000 ? (int)((due - at) / 1000000) - 1 : 0;
}

static void measure(double handshake_us) {
  run_for(0.3);
  u64 start = now_ns(), turn = 0, measure_at = start + (u64)(opt.warm_s * 1e9), end = measure_at + (u64)(opt.measure_s * 1e9), from = 0;
  double cpu = 0, user = 0, system = 0, own = 0, busy = 0, steal = 0, busy_end, steal_end;
  if (opt.mode == MODE_RELAY) {
    for (int i = 0; i < connection_count; i += 2) protocol_send(&connections[i], i ^ 1, 1);
  }
  for (u64 at; (at = now_ns()) < end;) {
    if (!measuring && at >= measure_at) {
      measuring = 1;
      from = at;
      cpu = process_cpu_us(server_pid);
      user = process_ticks_us(server_pid, 0);
      system = process_ticks_us(server_pid, 1);
      own = own_cpu_us();
      machine_cpu_us(&busy, &steal);
    }
    pump(send_due(start, &turn));
  }
  double elapsed = (now_ns() - from) / 1e3;
  cpu = process_cpu_us(server_pid) - cpu;
  user = process_ticks_us(server_pid, 0) - user;
  system = process_ticks_us(server_pid, 1) - system;
  own = own_cpu_us() - own;
  machine_cpu_us(&busy_end, &steal_end);
  stopping = 1;
  double count = delivered_measured ? (double)delivered_measured : 1;
  printf("{\"deliveries\":%llu,\"sent\":%llu,\"per_s\":%.0f,\"cpu_us\":%.4f,\"user_us\":%.4f,\"system_us\":%.4f,"
         "\"server_pct\":%.1f,\"generator_pct\":%.1f,\"foreign_pct\":%.1f,\"steal_pct\":%.1f,"
         "\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.0f,\"errors\":%d,\"handshake_us\":%.1f,\"acknowledgements\":%llu}\n",
         (unsigned long long)delivered_measured, (unsigned long long)sent_measured, delivered_measured / elapsed * 1e6, cpu / count, user / count, system / count,
         cpu / elapsed * 100, own / elapsed * 100, (busy_end - busy - cpu - own) / elapsed * 100, (steal_end - steal) / elapsed * 100,
         histogram_us(.5), histogram_us(.99), histogram_max_us(), errors, handshake_us, (unsigned long long)acknowledgements);
}

int main(int argc, char **argv) {
  read_options(argc, argv);
  epoll_fd = epoll_create1(0);
  long rss = process_rss(server_pid);
  u64 from = now_ns();
  double cpu = process_cpu_us(server_pid), busy, steal;
  machine_cpu_us(&busy, &steal);
  connect_all();
  double handshake_us = (process_cpu_us(server_pid) - cpu) / connection_count;
  if (opt.mode != MODE_IDLE) {
    measure(handshake_us);
    return 0;
  }
  run_for(opt.settle_s);
  double busy_end, cpu_end = process_cpu_us(server_pid);
  machine_cpu_us(&busy_end, &steal);
  double foreign = busy_end - busy - (cpu_end - cpu) - own_cpu_us(), elapsed = (now_ns() - from) / 1e3;
  printf("{\"bytes_per_connection\":%.0f,\"handshake_us\":%.1f,\"foreign_pct\":%.1f,\"ready\":%d,\"errors\":%d}\n",
         (double)(process_rss(server_pid) - rss) / opt.connections, handshake_us, foreign / elapsed * 100, ready, errors);
  return 0;
}
