/* ZW_SANITIZED is 1 in builds whose address space and time are a sanitizer's, else 0. */
#ifndef BASE_SANITIZED_H
#define BASE_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ZW_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ZW_SANITIZED 1
#endif
#endif
#ifndef ZW_SANITIZED
#define ZW_SANITIZED 0
#endif

#endif
