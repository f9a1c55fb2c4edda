/* Signed bundles of feeds, for plants without a network. A bundle is
 *
 *     "ZWFEEDS1\n"  the parts, one behind the other  the manifest  its size (8 bytes, the first the highest)  key (32)  signature (64)
 *
 * The manifest is canonical JSON: each part with its name, size and SHA-256, each source with its dates and its number of records;
 * the key signs it with Ed25519. A part is records, one a line. The same records and key give the same bytes. All of it is
 * verified before anything is changed. Inside service/ only. */
#ifndef SERVICE_FEEDS_FEED_BUNDLE_H
#define SERVICE_FEEDS_FEED_BUNDLE_H

#include "service/feeds/feed_import.h"
#include "service/feeds/feed_rules.h"

/* Whether a file begins as a bundle does. */
bool feed_bundle_begins(int fd);
/* Verifies a bundle whose key is among `trusted` (FeedKeys), and takes its parts in. Errors: DENIED, the key is not trusted; INPUT,
 * with the part that is not what was signed. */
bool feed_bundle_import(const ServiceFile *file, const GArray *trusted, FeedImport *import, Instant now,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
