// What happens after a time: the delay of a network far away, both ways, and polls that keep a pace. Whatever is asked for waits
// equally long in its list, so each list is in order and only its first is looked at.
#define _GNU_SOURCE
#include "gen.h"
#include <stdlib.h>
#include <string.h>

typedef struct event {
  u64 at;
  conn *c;
  void (*act)(conn *c);
  int down, size;
  struct event *next;
  u8 data[];
} event;

typedef struct { event *first, **end; } list;
static list network, timers;

static void add(list *to, event *e) {
  if (!to->first) to->end = &to->first;
  e->next = NULL;
  *to->end = e;
  to->end = &e->next;
}

static event *create(u64 at, conn *c, int size) {
  event *e = calloc(1, sizeof *e + (size_t)size);
  e->at = at;
  e->c = c;
  e->size = size;
  return e;
}

void later_at(u64 at, void (*act)(conn *c), conn *c) {
  event *e = create(at, c, 0);
  e->act = act;
  add(&timers, e);
}

static void carry(conn *c, const u8 *data, int size, int down) {
  event *e = create(now_ns() + (u64)(opt.delay_ms * 1e6), c, size);
  e->down = down;
  memcpy(e->data, data, (size_t)size);
  add(&network, e);
}

void later_send(conn *c, const u8 *data, int size) { carry(c, data, size, 0); }
void later_receive(conn *c, const u8 *data, int size) { carry(c, data, size, 1); }

static void run(event *e) {
  if (e->c->state == STATE_CLOSED) return;
  if (e->act) e->act(e->c);
  else if (e->down) connection_read(e->c, e->data, e->size);
  else connection_write(e->c, e->data, e->size);
}

static int run_list(list *from) {
  while (from->first) {
    event *e = from->first;
    u64 now = now_ns();
    if (e->at > now) return (int)((e->at - now) / 1000000);
    from->first = e->next;
    run(e);
    free(e);
  }
  return -1;
}

int later_run(void) {
  int one = run_list(&network), other = run_list(&timers);
  return one < 0 || (other >= 0 && other < one) ? other : one;
}
