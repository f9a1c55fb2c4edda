/* YAML as JSON text, by libyaml: so the readers of formats that come in both have one document to read. Scalars without quotes
 * are null, a yes or no, or a number where the core schema of YAML 1.2 says so (also `yes` and `no`, as most writers mean), else texts.
 * One document; an alias stands for the value of its anchor, as often as the output stays in proportion to the file, and `<<` is a
 * member like others. Pure function. */
#ifndef EXCHANGE_YAMLJSON_H
#define EXCHANGE_YAMLJSON_H

#include "base/error.h"

/* Errors, with `line N`: INPUT for what is not well-formed, a second document, a key that is no scalar or comes twice;
 * ENCODING; LIMIT for nesting over `depth_max`. */
GBytes *yaml_to_json(GBytes *bytes, size_t depth_max, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, but a text that begins as JSON does is taken as it is. */
GBytes *yaml_or_json(GBytes *bytes, size_t depth_max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
