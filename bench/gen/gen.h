// Shared by the parts of the load generator. One thread, one epoll, every connection a `conn`.
#ifndef GEN_H
#define GEN_H
#include <stdint.h>

typedef uint8_t u8;
typedef uint64_t u64;

// What a connection speaks. Of each peer one row is its WebSocket; the others are its ways down by HTTP.
enum { FAMILY_RAW, FAMILY_SOCKETIO, FAMILY_SOCKJS, FAMILY_EVERYWIRE };
enum { SHAPE_SOCKET, SHAPE_STREAM, SHAPE_POLL };
enum { BY_GET = 1, BY_TICKET = 2, IN_FRAMES = 4, IN_LITERAL = 8 };
typedef struct {
  const char *name;
  int family, shape;
  const char *path;  // request path: after the session for SockJS, after the prefix for ours
  int flags;         // BY_GET: without a body. BY_TICKET: the same, and what it is for goes ahead by POST. IN_LITERAL: inside one JavaScript string
} protocol;
extern const protocol protocols[];
#define IS_HTTP(c) ((c)->proto->shape != SHAPE_SOCKET)
enum { MODE_FAN, MODE_RELAY, MODE_RELAYRATE, MODE_IDLE, MODE_COUNT };
enum { ROLE_SUBSCRIBER, ROLE_PUBLISHER, ROLE_USER };
enum { STATE_CONNECTING, STATE_UPGRADE, STATE_STEPS, STATE_READY, STATE_CLOSED };

// The session state of each connection, so that figures include the cost of a real client for the server.
typedef struct {
  long received;       // messages received; all are consumed immediately
  long acknowledged;   // the number last acknowledged
  long seen;           // highest `ack` had from the server
  long sent;           // messages written
  long window;         // the server's window downwards, from `opened`
  uint32_t sum;        // running checksum of messages 1 to `received`
} session;

// An HTTP answer being read, and the other state of a session over HTTP.
typedef struct {
  int reading, chunked, length;  // a head was read; how its body comes
  char id[160];
  int attach;                    // highest attach number used
  struct conn *up;               // the connection that carries a stream's acknowledgements
  int busy;                      // one of them is under way
  char ticket[64];               // for the next GET of what cannot POST
  int early, answered;           // of a poll that keeps a pace
  int step, pinged;              // of Socket.IO's handshake; a poll brought a ping
} http;

typedef struct conn {
  int fd, state, role, index, want_out;
  const protocol *proto;
  u8 *left;
  int left_size, left_capacity;
  u8 *out;
  int out_size, out_capacity;
  session session;
  http http;
  struct conn *down;             // of a connection that only goes up
} conn;

typedef struct {
  const protocol *proto;
  int mode, port, connections, burst, window, payload, concurrent;
  double rate, warm_s, measure_s, settle_s;
  double delay_ms, pace_ms;  // of the network, one way; least time from one poll to the next
} options;

extern options opt;
extern u64 received_at;                    // when the bytes being read came, ns
extern u64 delivered, delivered_measured;  // markers seen
extern u64 sent, sent_measured;
extern u64 acknowledgements;
extern int measuring, stopping, ready, connecting, closed, errors;

// account.c: what the kernel says of a process, and a histogram of latencies
u64 now_ns(void);
void histogram_add(u64 ns);
double histogram_us(double quantile);
double histogram_max_us(void);
double process_cpu_us(int pid);  // of all its threads, to the nanosecond
double process_ticks_us(int pid, int which);  // 0 user, 1 system; in clock ticks of 10 ms, each rounded down
long process_rss(int pid);
double own_cpu_us(void);
void machine_cpu_us(double *busy, double *steal);

// later.c: what happens after a time
void later_at(u64 at, void (*act)(conn *c), conn *c);  // on a connection that is still there
void later_send(conn *c, const u8 *data, int size);    // after the way of the network
void later_receive(conn *c, const u8 *data, int size);
int later_run(void);                                   // does what is due; milliseconds to the next, or -1

// connection.c: sockets and their queues
void connection_start(conn *c, int epoll);
void connection_join(conn *c);              // one more, on the same epoll
void connection_want(conn *c, int out);
void connection_send(conn *c, const u8 *data, int size);
void connection_write(conn *c, const u8 *data, int size);   // past the delay
void connection_read(conn *c, const u8 *data, int size);
void connection_drop(conn *c, int error);
void connection_event(conn *c, uint32_t events);
void connection_ready(conn *c);

// websocket.c: RFC 6455, the client's side
int websocket_frame(u8 *out, int opcode, const u8 *data, int size);
void websocket_send(conn *c, int opcode, const void *data, int size);
void websocket_upgrade(conn *c);
int websocket_parse(conn *c, u8 *data, int size);  // bytes used

// http.c: requests and answers of HTTP/1.1
void http_post(conn *c, const char *path, const char *body, int size);
void http_get(conn *c, const char *path);
int http_parse(conn *c, u8 *data, int size);  // bytes used

// ways.c: the transports that go by them
void way_open(conn *c);
void way_body(conn *c, const u8 *body, int size);
void way_chunk(conn *c, u8 *data, int size);
void way_end(conn *c);

// protocol.c: what each peer speaks above it
void protocol_open(conn *c);
void protocol_message(conn *c, int opcode, const u8 *data, int size);
void protocol_send(conn *c, int to, int count);
void protocol_count(const u8 *data, int size);  // markers in what came

// everywire.c: our session protocol
int everywire_write_open(conn *c, char *out);
int everywire_write_counts(const session *s, char *out);
int everywire_opened(conn *c, const u8 *data, int size);  // keeps the id and the window; 0 where there are none
int everywire_write_offer(conn *c, char *out);
int everywire_record(conn *c, const u8 *data, int size);  // 1 when it was a control record
void everywire_taken(conn *c, const u8 *data, int size);
int everywire_acknowledge(conn *c, u8 *frame);            // bytes of an acknowledgement that is due, or 0
void everywire_read(conn *c);                             // after each read

#endif
