/* The few functions of OpenSSL that the load client and the floor server use, looked up at run time.
 *
 * Declared here and loaded with dlopen, so that neither OpenSSL's headers nor a linked library are
 * needed to compile: a machine without libssl can still run every row without TLS. */

#ifndef FOREWAVE_OPENSSL_H
#define FOREWAVE_OPENSSL_H

#include <dlfcn.h>
#include <stdio.h>

#define SSL_WANT_READ 2
#define SSL_WANT_WRITE 3
#define SSL_PEM 1
#define SSL_CTRL_MODE 33
#define SSL_MODE_PARTIAL_AND_MOVING_RELEASED 0x13L /* buffers are freed while a connection idles */

static void *(*tls_client_method)(void), *(*tls_server_method)(void);
static void *(*ctx_new)(const void *), *(*ssl_new)(void *);
static int (*ctx_certificate)(void *, const char *), (*ctx_key)(void *, const char *, int);
static long (*ctx_ctrl)(void *, int, long, void *);
static int (*ssl_set_fd)(void *, int), (*ssl_do_handshake)(void *), (*ssl_error)(const void *, int);
static int (*ssl_read)(void *, void *, int), (*ssl_write)(void *, const void *, int);
static void (*ssl_connect_state)(void *), (*ssl_accept_state)(void *), (*ssl_free)(void *);
static void (*error_clear)(void);

/* Returns 1, or 0 and one line on stderr if there is no libssl on this machine. */
static int openssl_load(void) {
  const char *names[] = {"libssl.so.3", "libssl.so.1.1", "libssl.so", NULL};
  void *library = NULL;
  for (int i = 0; names[i] && !library; i++) library = dlopen(names[i], RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    fprintf(stderr, "TLS needs OpenSSL's libssl.so.3 or libssl.so.1.1\n");
    return 0;
  }
  struct { void *target; const char *name; } wanted[] = {
      {&tls_client_method, "TLS_client_method"}, {&tls_server_method, "TLS_server_method"},
      {&ctx_new, "SSL_CTX_new"}, {&ctx_certificate, "SSL_CTX_use_certificate_chain_file"},
      {&ctx_key, "SSL_CTX_use_PrivateKey_file"}, {&ctx_ctrl, "SSL_CTX_ctrl"},
      {&ssl_new, "SSL_new"}, {&ssl_set_fd, "SSL_set_fd"}, {&ssl_do_handshake, "SSL_do_handshake"},
      {&ssl_error, "SSL_get_error"}, {&ssl_read, "SSL_read"}, {&ssl_write, "SSL_write"},
      {&ssl_connect_state, "SSL_set_connect_state"}, {&ssl_accept_state, "SSL_set_accept_state"},
      {&ssl_free, "SSL_free"}};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    *(void **)wanted[i].target = dlsym(library, wanted[i].name);
    if (!*(void **)wanted[i].target) {
      fprintf(stderr, "TLS: this libssl has no %s\n", wanted[i].name);
      return 0;
    }
  }
  *(void **)&error_clear = dlsym(RTLD_DEFAULT, "ERR_clear_error");
  if (!error_clear) *(void **)&error_clear = dlsym(library, "ERR_clear_error");
  return error_clear != NULL;
}

#endif
