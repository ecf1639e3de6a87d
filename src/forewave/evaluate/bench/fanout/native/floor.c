/* The floor: the least that a server on one core can do to send one frame to every client.
 *
 * floor [CERTIFICATE KEY]      epoll, one thread, one write() a client; with two PEM files over TLS
 *
 * It prints "listening PORT /". A line "publish NUMBER HEX" on stdin sends the payload to all as one
 * WebSocket text frame (RFC 6455) and prints "sent BEGUN DONE HEX" (CLOCK_MONOTONIC, ns). It ends
 * when stdin ends. Requests are not parsed: each gets the answer to the key of the RFC's example,
 * which the load client sends. What clients send afterwards is read and ignored. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "openssl.h"

#define MOST_FDS (1 << 20)
#define LONGEST 65535

static const char ANSWER[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

struct client {
  void *ssl;
  int place;      /* index in `ready` + 1; 0 until the handshake is done */
  char end[4];    /* the last bytes of the request */
};

static struct client *clients[MOST_FDS];
static int ready[MOST_FDS], readies, poller;
static void *context;

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void leave(int fd) {
  struct client *c = clients[fd];
  if (c->place) {
    int last = ready[--readies];
    ready[c->place - 1] = last;
    clients[last]->place = c->place;
  }
  if (c->ssl) ssl_free(c->ssl);
  free(c);
  clients[fd] = NULL;
  close(fd);
}

static int send_all(int fd, const void *data, int size) {
  struct client *c = clients[fd];
  if (!c->ssl) return write(fd, data, size) == size;
  error_clear();
  return ssl_write(c->ssl, data, size) == size;
}

static void enter(int listener) {
  int fd, on = 1;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    clients[fd] = calloc(1, sizeof **clients);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (context) {
      clients[fd]->ssl = ssl_new(context);
      ssl_set_fd(clients[fd]->ssl, fd);
      ssl_accept_state(clients[fd]->ssl);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
  }
}

/* Bytes read, 0 if there are none now, -1 if the client has gone. */
static int receive(int fd, char *data, int size) {
  struct client *c = clients[fd];
  if (!c->ssl) {
    ssize_t got = read(fd, data, size);
    return got > 0 ? (int)got : got < 0 && errno == EAGAIN ? 0 : -1;
  }
  error_clear();
  int got = ssl_read(c->ssl, data, size);
  if (got > 0) return got;
  int why = ssl_error(c->ssl, got);
  return why == SSL_WANT_READ || why == SSL_WANT_WRITE ? 0 : -1;
}

static void read_client(int fd) {
  char data[4096];
  struct client *c = clients[fd];
  int got;
  while ((got = receive(fd, data, sizeof data)) > 0) {
    for (int i = 0; i < got && !c->place; i++) {
      memmove(c->end, c->end + 1, 3);
      c->end[3] = data[i];
      if (!memcmp(c->end, "\r\n\r\n", 4)) {
        ready[readies++] = fd;
        c->place = readies;
        send_all(fd, ANSWER, sizeof ANSWER - 1);
      }
    }
  }
  if (got < 0) leave(fd);
}

static int hex(char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

static void publish(const char *text) {
  static unsigned char frame[LONGEST + 4];
  int size = (int)strlen(text) / 2, head = size < 126 ? 2 : 4;
  if (size > LONGEST) return;
  frame[0] = 0x81;
  frame[1] = size < 126 ? size : 126;
  if (head == 4) frame[2] = size >> 8, frame[3] = size & 255;
  for (int i = 0; i < size; i++) frame[head + i] = hex(text[2 * i]) << 4 | hex(text[2 * i + 1]);
  int64_t begun = now_ns();
  for (int i = 0; i < readies; i++) send_all(ready[i], frame, head + size);
  printf("sent %lld %lld %s\n", (long long)begun, (long long)now_ns(), text);
  fflush(stdout);
}

static void command(void) {
  static char line[2 * LONGEST + 64];
  static size_t length;
  ssize_t got = read(0, line + length, sizeof line - 1 - length);
  if (got <= 0) exit(0);
  length += got;
  line[length] = 0;
  char *end;
  while ((end = strchr(line, '\n'))) {
    *end = 0;
    char *payload = strrchr(line, ' ');
    if (!strncmp(line, "publish ", 8) && payload) publish(payload + 1);
    length -= end + 1 - line;
    memmove(line, end + 1, length + 1);
  }
}

int main(int count, char **words) {
  if (count == 3) {
    if (!openssl_load()) return 3;
    context = ctx_new(tls_server_method());
    ctx_ctrl(context, SSL_CTRL_MODE, SSL_MODE_PARTIAL_AND_MOVING_RELEASED, NULL);
    if (ctx_certificate(context, words[1]) != 1 || ctx_key(context, words[2], SSL_PEM) != 1) {
      fprintf(stderr, "cannot read %s or %s\n", words[1], words[2]);
      return 3;
    }
  }
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (void *)&address, size) || listen(listener, 4096)) return 3;
  getsockname(listener, (void *)&address, &size);
  poller = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, found[256];
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  event.data.fd = 0;
  epoll_ctl(poller, EPOLL_CTL_ADD, 0, &event);
  printf("listening %d /\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int events = epoll_wait(poller, found, 256, -1);
    for (int i = 0; i < events; i++) {
      int fd = found[i].data.fd;
      if (fd == 0) command();
      else if (fd == listener) enter(listener);
      else if (clients[fd]) read_client(fd);
    }
  }
}
