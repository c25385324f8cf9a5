#define _GNU_SOURCE
#include "gen.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

u64 now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (u64)t.tv_sec * 1000000000ull + (u64)t.tv_nsec;
}

// Log-linear: 64 buckets an octave, so that every quantile is right within 1.6 %.
#define BUCKETS (64 * 40)
static u64 histogram[BUCKETS], histogram_top;

void histogram_add(u64 ns) {
  if (ns > histogram_top) histogram_top = ns;
  if (ns < 1) ns = 1;
  int octave = 63 - __builtin_clzll(ns);
  int part = octave < 6 ? 0 : (int)((ns >> (octave - 6)) & 63);
  int bucket = octave * 64 + part;
  histogram[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
}

double histogram_us(double quantile) {
  u64 total = 0, count = 0;
  for (int i = 0; i < BUCKETS; i++) total += histogram[i];
  for (int i = 0; total && i < BUCKETS; i++) {
    count += histogram[i];
    if (count < total * quantile) continue;
    int octave = i / 64, part = i % 64;
    u64 ns = octave < 6 ? 1ull << octave : (1ull << octave) + ((u64)part << (octave - 6));
    return ns / 1e3;
  }
  return 0;
}

double histogram_max_us(void) { return histogram_top / 1e3; }

double process_cpu_us(int pid) {
  clockid_t clock;
  struct timespec t;
  if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t)) return 0;
  return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

double process_ticks_us(int pid, int which) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int file = open(path, O_RDONLY);
  if (file < 0) return 0;
  int size = (int)read(file, text, sizeof text - 1);
  close(file);
  if (size <= 0) return 0;
  text[size] = 0;
  unsigned long user = 0, system = 0;
  sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  return (which ? system : user) * 1e6 / sysconf(_SC_CLK_TCK);
}

long process_rss(int pid) {
  char path[64], line[256];
  long kilobytes = 0;
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "VmRSS: %ld", &kilobytes) == 1) break;
  }
  fclose(file);
  return kilobytes * 1024;
}

double own_cpu_us(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return r.ru_utime.tv_sec * 1e6 + r.ru_utime.tv_usec + r.ru_stime.tv_sec * 1e6 + r.ru_stime.tv_usec;
}

// Busy time of the whole machine: time used by other programs disturbs a figure and is printed next to it.
void machine_cpu_us(double *busy, double *steal) {
  char text[256];
  int file = open("/proc/stat", O_RDONLY);
  int size = (int)read(file, text, sizeof text - 1);
  close(file);
  text[size > 0 ? size : 0] = 0;
  unsigned long v[8] = {0};
  sscanf(text, "cpu %lu %lu %lu %lu %lu %lu %lu %lu", v, v + 1, v + 2, v + 3, v + 4, v + 5, v + 6, v + 7);
  double tick = 1e6 / sysconf(_SC_CLK_TCK);
  *busy = (v[0] + v[1] + v[2] + v[5] + v[6]) * tick;
  *steal = v[7] * tick;
}
