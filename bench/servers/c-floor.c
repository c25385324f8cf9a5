// The lower limit set by the kernel: one thread, one epoll, WebSocket frames in and out with one `send` for each delivery and nothing else. It keeps
// no state but its connections and what the kernel did not take yet, and checks nothing: no server, only a limit.
//
// Usage: c-floor PORT [gather]. With `gather`, what one round of the loop brought for the room leaves as one `send` a subscriber.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef uint8_t u8;
enum { SUBSCRIBER, PUBLISHER, USER };
typedef struct {
  int fd, role, open, rest_size, waiting_size, waiting_room;
  u8 *rest;     // of a frame that has not come whole
  u8 *waiting;  // not yet taken by the kernel
} peer;

#define USERS 100000
static peer *room[65536], *users[USERS];
static int room_size, epoll_fd, gathers, gathered;
static u8 input[1 << 18], frame[1 << 18], gathering[1 << 20];

// ---- the opening handshake: SHA-1 (FIPS 180-4) of one padded message, and base64

static uint32_t rotate(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

static void sha1_block(uint32_t *h, const u8 *block) {
  uint32_t w[80], v[5];
  for (int i = 0; i < 16; i++) w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
  for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  memcpy(v, h, sizeof v);
  for (int i = 0; i < 80; i++) {
    static const uint32_t constant[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
    uint32_t mixed = i < 20 ? (v[1] & v[2]) | (~v[1] & v[3]) : i >= 40 && i < 60 ? (v[1] & v[2]) | (v[1] & v[3]) | (v[2] & v[3]) : v[1] ^ v[2] ^ v[3];
    uint32_t next = rotate(v[0], 5) + mixed + v[4] + constant[i / 20] + w[i];
    v[4] = v[3];
    v[3] = v[2];
    v[2] = rotate(v[1], 30);
    v[1] = v[0];
    v[0] = next;
  }
  for (int i = 0; i < 5; i++) h[i] += v[i];
}

// The key and the GUID of RFC 6455 section 1.3 are 60 bytes, always: two blocks.
static void accept_key(const char *key, char *out) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  u8 message[128] = {0}, digest[21] = {0};
  uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  memcpy(message, key, 24);
  memcpy(message + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
  message[60] = 0x80;
  message[126] = 480 >> 8;
  message[127] = 480 & 255;
  sha1_block(h, message);
  sha1_block(h, message + 64);
  for (int i = 0; i < 20; i++) digest[i] = (u8)(h[i / 4] >> (24 - 8 * (i % 4)));
  for (int i = 0; i < 28; i++) {
    int bit = i * 6, word = digest[bit / 8] << 8 | (bit / 8 < 20 ? digest[bit / 8 + 1] : 0);
    out[i] = i < 27 ? digits[(word >> (10 - bit % 8)) & 63] : '=';
  }
  out[28] = 0;
}

// ---- out

static void want(peer *p, uint32_t events) { epoll_ctl(epoll_fd, EPOLL_CTL_MOD, p->fd, &(struct epoll_event){.events = events, .data.ptr = p}); }

static int push(const peer *p, const u8 *bytes, int size) {
  ssize_t done = send(p->fd, bytes, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT);
  return done < 0 ? 0 : (int)done;
}

static void put(peer *p, const u8 *bytes, int size) {
  if (!p) return;
  int done = p->waiting_size ? 0 : push(p, bytes, size);
  if (done == size) return;
  if (p->waiting_size + size - done > p->waiting_room) {
    p->waiting_room = (p->waiting_size + size) * 2;
    p->waiting = realloc(p->waiting, (size_t)p->waiting_room);
  }
  if (p->waiting_size == 0) want(p, EPOLLIN | EPOLLOUT);
  memcpy(p->waiting + p->waiting_size, bytes + done, (size_t)(size - done));
  p->waiting_size += size - done;
}

static void on_writable(peer *p) {
  int done = push(p, p->waiting, p->waiting_size);
  p->waiting_size -= done;
  memmove(p->waiting, p->waiting + done, (size_t)p->waiting_size);
  if (p->waiting_size == 0) want(p, EPOLLIN);
}

static int write_frame(u8 *out, int opcode, const u8 *payload, int size) {
  int head = 2;
  out[0] = (u8)(0x80 | opcode);
  out[1] = (u8)size;
  if (size > 125) {
    out[1] = 126;
    out[2] = (u8)(size >> 8);
    out[3] = (u8)size;
    head = 4;
  }
  memcpy(out + head, payload, (size_t)size);
  return head + size;
}

// ---- in

static void on_message(peer *p, int opcode, const u8 *payload, int size) {
  if (p->role == USER) {
    const char *to = memmem(payload, (size_t)size, "\"to\":\"u", 7);
    if (to) put(users[atoi(to + 7) % USERS], frame, write_frame(frame, opcode, payload, size));
  } else if (gathers) {
    gathered += write_frame(gathering + gathered, opcode, payload, size);
  } else {
    int whole = write_frame(frame, opcode, payload, size);
    for (int i = 0; i < room_size; i++) put(room[i], frame, whole);
  }
}

static void flush(void) {
  if (gathered == 0) return;
  for (int i = 0; i < room_size; i++) put(room[i], gathering, gathered);
  gathered = 0;
}

static int on_upgrade(peer *p, int size) {
  input[size] = 0;
  char *end = strstr((char *)input, "\r\n\r\n"), *key = strcasestr((char *)input, "sec-websocket-key: "), accept[29], response[256];
  if (!end || !key) return 0;
  accept_key(key + 19, accept);
  put(p, (u8 *)response, sprintf(response, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept));
  p->open = 1;
  p->role = !memcmp(input, "GET /sub", 8) ? SUBSCRIBER : !memcmp(input, "GET /pub", 8) ? PUBLISHER : USER;
  if (p->role == SUBSCRIBER) room[room_size++] = p;
  if (p->role == USER) users[atoi(strstr((char *)input, "id=u") + 4) % USERS] = p;
  return (int)(end + 4 - (char *)input);
}

// Bytes of the next frame, 0 while it has not come whole.
static int on_frame(peer *p, u8 *at, int size) {
  int head = 6, length = size < 2 ? 0 : at[1] & 127;
  if (length == 126) {
    head = 8;
    length = size < 4 ? 0 : at[2] << 8 | at[3];
  }
  if (size < head + length) return 0;
  u8 *payload = at + head;
  for (int i = 0; i < length; i++) payload[i] ^= payload[i % 4 - 4];
  if ((at[0] & 15) <= 2) on_message(p, at[0] & 15, payload, length);
  return head + length;
}

static void leave(peer *p) {
  for (int i = 0; i < room_size; i++) {
    if (room[i] == p) room[i] = room[--room_size];
  }
  for (int i = 0; p->role == USER && i < USERS; i++) {
    if (users[i] == p) users[i] = NULL;
  }
  close(p->fd);
  free(p->rest);
  free(p->waiting);
  free(p);
}

static void on_readable(peer *p) {
  memcpy(input, p->rest, (size_t)p->rest_size);
  ssize_t got = recv(p->fd, input + p->rest_size, 65536, MSG_DONTWAIT);
  if (got <= 0) {
    leave(p);
    return;
  }
  int size = p->rest_size + (int)got, used = p->open ? 0 : on_upgrade(p, size);
  for (int step = p->open; step && (step = on_frame(p, input + used, size - used)) > 0;) used += step;
  p->rest_size = size - used;
  if (p->rest_size == 0) return;
  p->rest = realloc(p->rest, (size_t)p->rest_size);
  memcpy(p->rest, input + used, (size_t)p->rest_size);
}

static void on_connection(int listener) {
  int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (fd < 0) return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  peer *p = calloc(1, sizeof *p);
  p->fd = fd;
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = p});
}

int main(int argc, char **argv) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  gathers = argc > 2;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) return 1;
  epoll_fd = epoll_create1(0);
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN, .data.ptr = NULL});
  puts("READY");
  fflush(stdout);
  static struct epoll_event events[1024];
  for (;;) {
    int count = epoll_wait(epoll_fd, events, 1024, -1);
    for (int i = 0; i < count; i++) {
      peer *p = events[i].data.ptr;
      if (!p) on_connection(listener);
      if (p && p->waiting_size && (events[i].events & EPOLLOUT)) on_writable(p);
      if (p && (events[i].events & ~EPOLLOUT)) on_readable(p);
    }
    flush();
  }
}
