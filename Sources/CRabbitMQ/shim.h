#ifndef CRABBITMQ_SHIM_H
#define CRABBITMQ_SHIM_H

#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* What Swift cannot import from librabbitmq (variadic functions, unions worth reading by pointer), what the library
   leaves to its user (socket options), and frames written without the library's blocking send path. */

static inline amqp_rpc_reply_t crabbitmq_login_plain(amqp_connection_state_t state, const char *vhost, int heartbeat,
                                                     const amqp_table_t *client_properties, const char *user,
                                                     const char *password) {
    return amqp_login_with_properties(state, vhost, 1, AMQP_DEFAULT_FRAME_SIZE, heartbeat, client_properties,
                                      AMQP_SASL_METHOD_PLAIN, user, password);
}

/* The library checks heartbeats inside its send path, where a dead broker then blocks it for ever
   (alanxz/rabbitmq-c issue 780). Told after the log-in that there are none, it never looks; we keep them ourselves. */
static inline int crabbitmq_take_over_heartbeats(amqp_connection_state_t state) {
    return amqp_tune_connection(state, amqp_get_channel_max(state), amqp_get_frame_max(state), 0);
}

/* Frames. */

static inline amqp_method_number_t crabbitmq_method_id(const amqp_frame_t *frame) { return frame->payload.method.id; }

static inline const void *crabbitmq_method_fields(const amqp_frame_t *frame) { return frame->payload.method.decoded; }

static inline uint64_t crabbitmq_body_size(const amqp_frame_t *frame) { return frame->payload.properties.body_size; }

static inline const amqp_basic_properties_t *crabbitmq_properties(const amqp_frame_t *frame) {
    return (const amqp_basic_properties_t *)frame->payload.properties.decoded;
}

static inline amqp_bytes_t crabbitmq_body_fragment(const amqp_frame_t *frame) { return frame->payload.body_fragment; }

static inline amqp_frame_t crabbitmq_header_frame(amqp_channel_t channel, const amqp_basic_properties_t *properties,
                                                  uint64_t body_size) {
    amqp_frame_t frame;
    memset(&frame, 0, sizeof frame);
    frame.frame_type = AMQP_FRAME_HEADER;
    frame.channel = channel;
    frame.payload.properties.class_id = AMQP_BASIC_CLASS;
    frame.payload.properties.body_size = body_size;
    frame.payload.properties.decoded = (void *)properties;
    return frame;
}

static inline amqp_frame_t crabbitmq_body_frame(amqp_channel_t channel, const void *bytes, size_t count) {
    amqp_frame_t frame;
    memset(&frame, 0, sizeof frame);
    frame.frame_type = AMQP_FRAME_BODY;
    frame.channel = channel;
    frame.payload.body_fragment.bytes = (void *)bytes;
    frame.payload.body_fragment.len = count;
    return frame;
}

static inline amqp_frame_t crabbitmq_heartbeat_frame(void) {
    amqp_frame_t frame;
    memset(&frame, 0, sizeof frame);
    frame.frame_type = AMQP_FRAME_HEARTBEAT;
    return frame;
}

/* A frame in memory: type (1), channel (2), size (4), payload, 0xCE. Each writer returns the whole frame's length, or
   a negative AMQP_STATUS_*. `capacity` counts from `out`. */

enum { CRABBITMQ_FRAME_OVERHEAD = 8 };

static inline void crabbitmq_store(uint8_t *out, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; i++) out[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
}

static inline int64_t crabbitmq_seal(uint8_t *out, uint8_t type, amqp_channel_t channel, size_t payload) {
    out[0] = type;
    crabbitmq_store(out + 1, channel, 2);
    crabbitmq_store(out + 3, payload, 4);
    out[7 + payload] = 0xCE;
    return (int64_t)payload + CRABBITMQ_FRAME_OVERHEAD;
}

static inline int64_t crabbitmq_write_method(uint8_t *out, size_t capacity, amqp_channel_t channel,
                                             amqp_method_number_t method, const void *fields) {
    amqp_bytes_t room;
    int length;
    if (capacity < 12) return AMQP_STATUS_TABLE_TOO_BIG;
    room.bytes = out + 11;
    room.len = capacity - 12;
    length = amqp_encode_method(method, (void *)fields, room);
    if (length < 0) return length;
    crabbitmq_store(out + 7, method, 4);
    return crabbitmq_seal(out, AMQP_FRAME_METHOD, channel, 4 + (size_t)length);
}

static inline int64_t crabbitmq_write_header(uint8_t *out, size_t capacity, amqp_channel_t channel,
                                             const amqp_basic_properties_t *properties, uint64_t body_size) {
    amqp_bytes_t room;
    int length;
    if (capacity < 20) return AMQP_STATUS_TABLE_TOO_BIG;
    room.bytes = out + 19;
    room.len = capacity - 20;
    length = amqp_encode_properties(AMQP_BASIC_CLASS, (void *)properties, room);
    if (length < 0) return length;
    crabbitmq_store(out + 7, AMQP_BASIC_CLASS, 2);
    crabbitmq_store(out + 9, 0, 2);
    crabbitmq_store(out + 11, body_size, 8);
    return crabbitmq_seal(out, AMQP_FRAME_HEADER, channel, 12 + (size_t)length);
}

static inline int64_t crabbitmq_write_body(uint8_t *out, amqp_channel_t channel, const void *bytes, size_t count) {
    memcpy(out + 7, bytes, count);
    return crabbitmq_seal(out, AMQP_FRAME_BODY, channel, count);
}

static inline int64_t crabbitmq_write_heartbeat(uint8_t *out) { return crabbitmq_seal(out, AMQP_FRAME_HEARTBEAT, 0, 0); }

/* Sockets. */

/* A bounded send buffer shows a broker that has stopped reading; keepalive and the user timeout end a dead peer. */
static inline void crabbitmq_tune_socket(int fd, int send_buffer_bytes, int user_timeout_milliseconds) {
    int on = 1, idle = 10, interval = 5, count = 3;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes, sizeof send_buffer_bytes);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &user_timeout_milliseconds, sizeof user_timeout_milliseconds);
}

/* How long ago the kernel last received data from the peer; negative when it cannot say. Unlike a count of frames read
   it does not call a broker dead because we were too busy to read. */
static inline int64_t crabbitmq_milliseconds_since_received(int fd) {
    struct tcp_info info;
    socklen_t length = sizeof info;
    memset(&info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return -1;
    return (int64_t)info.tcpi_last_data_recv;
}

/* 1: at least a third of the send buffer is free. 0: not within the time. -1: error or hang-up. */
static inline int crabbitmq_wait_writable(int fd, int milliseconds) {
    struct pollfd entry = {.fd = fd, .events = POLLOUT};
    int ready;
    do ready = poll(&entry, 1, milliseconds);
    while (ready < 0 && errno == EINTR && milliseconds == 0);
    if (ready < 0) return errno == EINTR ? 0 : -1;
    if (ready == 0) return 0;
    return entry.revents & (POLLERR | POLLHUP | POLLNVAL) ? -1 : 1;
}

/* Ends the conversation but keeps the descriptor, so that no other file gets its number while it may still be polled. */
static inline void crabbitmq_shut_down(int fd) { shutdown(fd, SHUT_RDWR); }

/* Bytes taken by the kernel, 0 when it takes none now, or -errno. */
static inline int64_t crabbitmq_send_now(int fd, const void *bytes, size_t count) {
    for (;;) {
        ssize_t sent = send(fd, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) return sent;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
        if (errno != EINTR) return -errno;
    }
}

#endif
