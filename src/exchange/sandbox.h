/* Gives up, for good, everything a reader does not need: no new privileges, no file system (Landlock where the kernel has
 * it, and seccomp), no network, no processes, no executable memory, bounded processor time and memory. Descriptors that
 * are open stay usable. For a process with one thread. */
#ifndef EXCHANGE_SANDBOX_H
#define EXCHANGE_SANDBOX_H

#include "base/error.h"
#include <stdint.h>

/* After it, a call that only looks for files fails with EPERM, and one that no reader ever makes (a socket, a process,
 * a program) ends the process by SIGSYS. Errors: WORKER, when the kernel refuses a part other than Landlock. */
bool sandbox_enter(uint64_t cpu_seconds, uint64_t memory_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
