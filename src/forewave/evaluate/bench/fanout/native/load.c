/* The load client: holds many connections in one thread and notes when each receives a message.
 *
 * load HOST PORT COUNT PROTOCOL TLS PATH
 *
 * PROTOCOL: ws (WebSocket text or binary messages), nats (the NATS protocol in WebSocket frames),
 * mqtt (MQTT 3.1.1 over TCP); the subject or topic of the last two is "alerts". TLS: 0 or 1 (the
 * certificate is not verified). It prints "connected READY FAILED" and then obeys lines on stdin:
 *
 * reset                forget all messages so far; prints "ok"
 * await MS HEX         wait until every connection has this payload, at most MS ms; prints
 *                      "got COUNT P0 P50 P99 P100": times of receipt, CLOCK_MONOTONIC in ns
 * report               print "message COUNT REPEATED HEX" for each distinct payload, in order of
 *                      first receipt, then "end OPEN LOST FAULTY": connections open, connections
 *                      closed by the server, frames that break the protocol
 *
 * It ends when stdin ends. A time is taken right after the recv() that completes a message. Payloads
 * are compared byte by byte with the first copy: a message altered on one connection is another
 * message, and is reported. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "openssl.h"

#define MOST_MESSAGES 64  /* distinct payloads between two resets: a bit each in `seen` */
#define LONGEST 4096      /* bytes of a payload */
#define AT_ONCE 128       /* connections in their handshake */
#define PATIENCE_NS 240000000000LL /* for all to connect: a gateway admits some hundred a second */

enum protocol { WS, NATS, MQTT };
enum state { CONNECTING, TLS_HANDSHAKE, UPGRADING, SUBSCRIBING, READY, CLOSED };

struct buffer { unsigned char *data; int size; };
struct connection {
  int fd;
  enum state state;
  void *ssl;
  struct buffer raw, inner;  /* bytes of an incomplete frame; of an incomplete NATS message */
  uint64_t seen;
};
struct message { unsigned char data[LONGEST]; int size, count; long repeated; int64_t *times; };

static enum protocol protocol;
static const char *path;
static char host[64];
static struct sockaddr_in server;
static struct connection *connections;
static int wanted, opened, ready, failed, pending, lost, poller;
static long faulty;
static void *context;
static struct message messages[MOST_MESSAGES];
static int known;
static int64_t received_ns; /* time of the recv() being handled */
static struct { unsigned char data[LONGEST]; int size; int64_t until; } awaited;

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void drop(struct connection *c) {
  if (c->state == READY) ready--, lost++;
  else failed++, pending--;
  c->state = CLOSED;
  if (c->ssl) ssl_free(c->ssl);
  free(c->raw.data);
  free(c->inner.data);
  c->raw = c->inner = (struct buffer){0};
  close(c->fd);
}

static void is_ready(struct connection *c) {
  c->state = READY;
  ready++, pending--;
}

/* --- what is received ------------------------------------------------------------------------- */

static void receipt(struct connection *c, const unsigned char *data, int size) {
  int i = known - 1;
  while (i >= 0 && !(messages[i].size == size && !memcmp(messages[i].data, data, size))) i--;
  if (i < 0) {
    if (known == MOST_MESSAGES || size > LONGEST) {
      faulty++;
      return;
    }
    i = known++;
    struct message *new = &messages[i];
    memcpy(new->data, data, size);
    new->size = size, new->count = 0, new->repeated = 0;
    if (!new->times) new->times = malloc(sizeof(int64_t) * wanted);
  }
  if (c->seen >> i & 1) messages[i].repeated++;
  else messages[i].times[messages[i].count++] = received_ns;
  c->seen |= 1ULL << i;
}

static int send_all(struct connection *c, const void *data, int size) {
  if (!c->ssl) return send(c->fd, data, size, MSG_NOSIGNAL) == size;
  error_clear();
  return ssl_write(c->ssl, data, size) == size;
}

/* A client's frame is masked (RFC 6455 5.3); with a mask of zeros the payload stays as it is. */
static int send_frame(struct connection *c, int opcode, const void *data, int size) {
  unsigned char frame[6 + 125] = {0x80 | opcode, 0x80 | size};
  if (size > 125) return 0;
  memcpy(frame + 6, data, size);
  return send_all(c, frame, 6 + size);
}

static void keep(struct buffer *b, const unsigned char *data, int size) {
  unsigned char *kept = size ? malloc(size) : NULL;
  if (size) memcpy(kept, data, size);
  free(b->data);
  b->data = kept, b->size = size;
}

/* Bytes of one complete NATS protocol message, 0 if incomplete, -1 if it cannot be one. */
static int nats_one(struct connection *c, const unsigned char *data, int size) {
  const unsigned char *end = memchr(data, '\n', size);
  if (!end) return size > LONGEST ? -1 : 0;
  int line = (int)(end + 1 - data);
  if (!memcmp(data, "MSG ", 4)) {
    const unsigned char *digits = end - 1;
    while (digits > data && digits[-1] >= '0' && digits[-1] <= '9') digits--;
    int body = atoi((const char *)digits);
    if (size < line + body + 2) return 0;
    receipt(c, data + line, body);
    return line + body + 2;
  }
  if (!memcmp(data, "PING", 4)) return send_frame(c, 2, "PONG\r\n", 6) ? line : -1;
  if (!memcmp(data, "PONG", 4)) {
    if (c->state == SUBSCRIBING) is_ready(c);
    return line;
  }
  return memcmp(data, "INFO", 4) && memcmp(data, "+OK", 3) ? -1 : line;
}

static int nats(struct connection *c, const unsigned char *data, int size) {
  struct buffer all = {NULL, 0};
  if (c->inner.size) {
    all.data = malloc(c->inner.size + size);
    memcpy(all.data, c->inner.data, c->inner.size);
    memcpy(all.data + c->inner.size, data, size);
    size += c->inner.size;
    data = all.data;
  }
  int used = 0, one = 0;
  while (used < size && (one = nats_one(c, data + used, size - used)) > 0) used += one;
  if (one >= 0) keep(&c->inner, data + used, size - used);
  free(all.data);
  return one >= 0;
}

/* Bytes of one complete WebSocket frame of a server, 0 if incomplete, -1 if it breaks the RFC. */
static int ws_one(struct connection *c, const unsigned char *data, int size) {
  if (size < 2) return 0;
  int opcode = data[0] & 15, head = 2;
  int64_t length = data[1] & 127;
  if (!(data[0] & 0x80) || data[0] & 0x70 || data[1] & 0x80) return -1;
  if (length == 126) {
    if (size < 4) return 0;
    length = data[2] << 8 | data[3], head = 4;
  } else if (length == 127) {
    if (size < 10) return 0;
    for (length = 0, head = 2; head < 10; head++) length = length << 8 | data[head];
  }
  if (length < 0 || length > 1 << 16) return -1;
  if (size < head + length) return 0;
  if (opcode == 8) return -2;
  if (opcode == 9 && !send_frame(c, 10, data + head, (int)length)) return -1;
  if (opcode == 1 || opcode == 2) {
    if (protocol == NATS) {
      if (!nats(c, data + head, (int)length)) return -1;
    } else {
      receipt(c, data + head, (int)length);
    }
  }
  return head + (int)length;
}

/* The same for an MQTT control packet (MQTT 3.1.1, 2.2). */
static int mqtt_one(struct connection *c, const unsigned char *data, int size) {
  int length = 0, head = 1, shift = 0;
  do {
    if (head >= size) return 0;
    length |= (data[head] & 127) << shift;
    shift += 7;
  } while (data[head++] & 128 && shift < 28);
  if (length > 1 << 16) return -1;
  if (size < head + length) return 0;
  if (data[0] >> 4 == 9 && c->state == SUBSCRIBING) is_ready(c); /* SUBACK */
  if (data[0] >> 4 == 3) {
    int topic = data[head] << 8 | data[head + 1];
    if (2 + topic > length) return -1;
    receipt(c, data + head + 2 + topic, length - 2 - topic);
  }
  return head + length;
}

/* --- handshakes ------------------------------------------------------------------------------- */

static int begin(struct connection *c) {
  static int number;
  char text[512];
  if (protocol == MQTT) {
    unsigned char packet[64] = {0x10, 0, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 8};
    int id = snprintf((char *)packet + 14, 16, "c%07d", number++), size = 14 + id;
    packet[1] = size - 2;
    memcpy(packet + size, "\x82\x0b\x00\x01\x00\x06" "alerts\x00", 13);
    c->state = SUBSCRIBING;
    return send_all(c, packet, size + 13);
  }
  int size = snprintf(text, sizeof text,
                      "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                      path, host);
  c->state = UPGRADING;
  return send_all(c, text, size);
}

/* The answer must be 101 with the value of RFC 6455 1.3 for our key. Bytes used, 0, or -1. */
static int upgraded(struct connection *c, const unsigned char *data, int size) {
  const unsigned char *end = memmem(data, size, "\r\n\r\n", 4);
  if (!end) return size > LONGEST ? -1 : 0;
  int head = (int)(end + 4 - data);
  if (size < 12 || memcmp(data + 8, " 101", 4)) return -1;
  if (!memmem(data, head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", 28)) return -1;
  if (protocol == WS) {
    is_ready(c);
    return head;
  }
  static const char hello[] = "CONNECT {\"verbose\":false}\r\nSUB alerts 1\r\nPING\r\n";
  c->state = SUBSCRIBING;
  return send_frame(c, 2, hello, sizeof hello - 1) ? head : -1;
}

static int one(struct connection *c, const unsigned char *data, int size) {
  if (c->state == UPGRADING) return upgraded(c, data, size);
  return protocol == MQTT ? mqtt_one(c, data, size) : ws_one(c, data, size);
}

static void parse(struct connection *c, const unsigned char *data, int size) {
  int used = 0, part = 0;
  while (used < size && (part = one(c, data + used, size - used)) > 0) used += part;
  if (part >= 0) {
    if (c->raw.size || used < size) keep(&c->raw, data + used, size - used);
    return;
  }
  if (part == -1 && c->state == READY) faulty++;
  drop(c);
}

/* Bytes read, 0 if there are none now, -1 if the connection has ended. */
static int receive(struct connection *c, unsigned char *data, int size) {
  if (!c->ssl) {
    ssize_t got = recv(c->fd, data, size, 0);
    return got > 0 ? (int)got : got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
  }
  error_clear();
  int got = ssl_read(c->ssl, data, size);
  if (got > 0) return got;
  int why = ssl_error(c->ssl, got);
  return why == SSL_WANT_READ || why == SSL_WANT_WRITE ? 0 : -1;
}

static void on_readable(struct connection *c) {
  static unsigned char data[1 << 17];
  do {
    int kept = c->raw.size;
    if (kept) memcpy(data, c->raw.data, kept);
    int got = receive(c, data + kept, (int)sizeof data - kept);
    received_ns = now_ns();
    if (got < 0) drop(c);
    if (got <= 0) return;
    parse(c, data, kept + got);
  } while (c->ssl && c->state != CLOSED); /* a TLS record may be buffered in the library */
}

static void watch(struct connection *c, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  epoll_ctl(poller, operation, c->fd, &event);
}

static void tls_step(struct connection *c) {
  error_clear();
  int done = ssl_do_handshake(c->ssl);
  if (done == 1) {
    watch(c, EPOLLIN, EPOLL_CTL_MOD);
    if (!begin(c)) drop(c);
    return;
  }
  int why = ssl_error(c->ssl, done);
  if (why == SSL_WANT_READ) watch(c, EPOLLIN, EPOLL_CTL_MOD);
  else if (why == SSL_WANT_WRITE) watch(c, EPOLLOUT, EPOLL_CTL_MOD);
  else drop(c);
}

static void on_event(struct connection *c) {
  if (c->state == CONNECTING) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) drop(c);
    else if (c->ssl) c->state = TLS_HANDSHAKE, tls_step(c);
    else {
      watch(c, EPOLLIN, EPOLL_CTL_MOD);
      if (!begin(c)) drop(c);
    }
  } else if (c->state == TLS_HANDSHAKE) {
    tls_step(c);
  } else if (c->state != CLOSED) {
    on_readable(c);
  }
}

static void open_more(void) {
  while (opened < wanted && pending < AT_ONCE) {
    struct connection *c = &connections[opened++];
    int on = 1;
    struct linger abort = {1, 0}; /* no TIME_WAIT, so that ports are free for the next case */
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    pending++;
    if (c->fd < 0) {
      failed++, pending--;
      c->state = CLOSED;
      continue;
    }
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (context) {
      c->ssl = ssl_new(context);
      ssl_set_fd(c->ssl, c->fd);
      ssl_connect_state(c->ssl);
    }
    if (connect(c->fd, (void *)&server, sizeof server) && errno != EINPROGRESS) drop(c);
    else watch(c, EPOLLOUT, EPOLL_CTL_ADD);
  }
}

/* --- commands --------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b) {
  int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static int hex(char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

static struct message *find_awaited(void) {
  for (int i = known - 1; i >= 0; i--)
    if (messages[i].size == awaited.size && !memcmp(messages[i].data, awaited.data, awaited.size))
      return &messages[i];
  return NULL;
}

static void check_awaited(void) {
  if (!awaited.until) return;
  struct message *m = find_awaited();
  int count = m ? m->count : 0;
  if (count < ready && now_ns() < awaited.until) return;
  awaited.until = 0;
  if (!count) {
    printf("got 0 0 0 0 0\n");
  } else {
    int64_t *t = malloc(sizeof *t * count);
    memcpy(t, m->times, sizeof *t * count);
    qsort(t, count, sizeof *t, ascending);
    int p99 = (99 * count + 99) / 100 - 1; /* nearest rank */
    printf("got %d %lld %lld %lld %lld\n", count, (long long)t[0], (long long)t[(count - 1) / 2],
           (long long)t[p99], (long long)t[count - 1]);
    free(t);
  }
  fflush(stdout);
}

static void report(void) {
  for (int i = 0; i < known; i++) {
    printf("message %d %ld ", messages[i].count, messages[i].repeated);
    for (int k = 0; k < messages[i].size; k++) printf("%02x", messages[i].data[k]);
    printf("\n");
  }
  printf("end %d %d %ld\n", ready, lost, faulty);
  fflush(stdout);
}

static void obey(char *line) {
  if (!strcmp(line, "reset")) {
    for (int i = 0; i < opened; i++) connections[i].seen = 0;
    known = 0, faulty = 0;
    printf("ok\n");
    fflush(stdout);
  } else if (!strncmp(line, "await ", 6)) {
    char *text = strrchr(line, ' ') + 1;
    awaited.size = (int)strlen(text) / 2;
    if (awaited.size > LONGEST) exit(4);
    for (int i = 0; i < awaited.size; i++)
      awaited.data[i] = hex(text[2 * i]) << 4 | hex(text[2 * i + 1]);
    awaited.until = now_ns() + atoll(line + 6) * 1000000;
  } else if (!strcmp(line, "report")) {
    report();
  }
}

static void command(void) {
  static char line[4 * LONGEST];
  static size_t length;
  ssize_t got = read(0, line + length, sizeof line - 1 - length);
  if (got <= 0) exit(0);
  length += got;
  line[length] = 0;
  char *end;
  while ((end = strchr(line, '\n'))) {
    *end = 0;
    obey(line);
    length -= end + 1 - line;
    memmove(line, end + 1, length + 1);
  }
}

int main(int count, char **words) {
  if (count != 7) return 2;
  snprintf(host, sizeof host, "%s:%s", words[1], words[2]);
  wanted = atoi(words[3]), path = words[6];
  protocol = !strcmp(words[4], "nats") ? NATS : !strcmp(words[4], "mqtt") ? MQTT : WS;
  server.sin_family = AF_INET;
  server.sin_port = htons(atoi(words[2]));
  if (inet_pton(AF_INET, words[1], &server.sin_addr) != 1) return 2;
  if (words[5][0] == '1') {
    if (!openssl_load()) return 3;
    context = ctx_new(tls_client_method());
    ctx_ctrl(context, SSL_CTRL_MODE, SSL_MODE_PARTIAL_AND_MOVING_RELEASED, NULL);
  }
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  connections = calloc(wanted, sizeof *connections);
  poller = epoll_create1(0);
  struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL}, found[512];
  epoll_ctl(poller, EPOLL_CTL_ADD, 0, &input);
  int64_t give_up = now_ns() + PATIENCE_NS;
  int announced = 0;
  for (;;) {
    open_more();
    if (!announced && (ready + failed + lost == wanted || now_ns() > give_up)) {
      announced = 1;
      printf("connected %d %d\n", ready, wanted - ready);
      fflush(stdout);
    }
    int events = epoll_wait(poller, found, 512, announced && !awaited.until ? -1 : 100);
    for (int i = 0; i < events; i++) {
      if (found[i].data.ptr) on_event(found[i].data.ptr);
      else command();
    }
    check_awaited();
  }
}
