// The only file that knows simdjson. A JVal is a position on simdjson's tape (its doc/tape.md): nothing is
// allocated to read one. Nothing throws: simdjson's inline code is compiled without exceptions, and `new` here
// is the nothrow one.
#define SIMDJSON_EXCEPTIONS 0

// Inline code of the library is not written for our warnings.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wundef"
#include <simdjson.h>
#pragma GCC diagnostic pop

#include "base/jdoc_shim.h"

#include <cstring>
#include <new>

using simdjson::internal::tape_ref;
using simdjson::internal::tape_type;

struct JDoc {
        simdjson::dom::document parsed;
};

static JVal value_at(const JDoc *doc, size_t at) noexcept
{
        JValType type = JVAL_NONE;

        switch (tape_ref(&doc->parsed, at).tape_ref_type()) {
        case tape_type::START_ARRAY:
                type = JVAL_ARRAY;
                break;
        case tape_type::START_OBJECT:
                type = JVAL_OBJECT;
                break;
        case tape_type::STRING:
                type = JVAL_STRING;
                break;
        case tape_type::INT64:
                type = JVAL_INT;
                break;
        case tape_type::UINT64: // simdjson takes it only for what int64_t cannot hold
        case tape_type::DOUBLE:
                type = JVAL_REAL;
                break;
        case tape_type::TRUE_VALUE:
        case tape_type::FALSE_VALUE:
                type = JVAL_BOOL;
                break;
        case tape_type::NULL_VALUE:
                type = JVAL_NULL;
                break;
        default: // the ends of containers and of the document are no values
                break;
        }
        return JVal{ doc, at, type };
}

static tape_ref ref(JVal value) noexcept
{
        return tape_ref(&value.doc->parsed, value.at);
}

// Nesting of a parsed document; the tape is correct here.
static size_t tape_depth(const simdjson::dom::document &parsed) noexcept
{
        size_t depth = 0, deepest = 0, end = tape_ref(&parsed, 0).matching_brace_index() - 1;

        for (size_t at = 1; at < end;) {
                tape_ref here(&parsed, at);
                tape_type type = here.tape_ref_type();

                if (type == tape_type::START_ARRAY || type == tape_type::START_OBJECT) {
                        if (++depth > deepest)
                                deepest = depth;
                        at++;
                        continue;
                }
                if (type == tape_type::END_ARRAY || type == tape_type::END_OBJECT)
                        depth--;
                at = here.after_element();
        }
        return deepest;
}

static simdjson::error_code parse_with_depth(const char *text, size_t n, size_t depth, JDoc *doc) noexcept
{
        simdjson::dom::parser parser;
        simdjson::error_code code = parser.allocate(n, depth);

        if (code != simdjson::SUCCESS)
                return code;
        return parser.parse_into_document(doc->parsed, text, n, true).error();
}

extern "C" JShimResult jshim_parse(const char *text, size_t n, size_t depth_max, JDoc **ret_doc,
                                   const char **ret_message)
{
        JDoc *doc = new (std::nothrow) JDoc;
        simdjson::error_code code;

        if (doc == nullptr) {
                *ret_message = "there is not enough memory";
                return JSHIM_MEMORY;
        }
        // simdjson does not count an empty array or object as a level. Its own limit is set one lower, and
        // only a document that meets it is parsed again and measured, so that others do not pay.
        code = parse_with_depth(text, n, depth_max, doc);
        if (code == simdjson::DEPTH_ERROR) {
                code = parse_with_depth(text, n, depth_max + 1, doc);
                if (code == simdjson::SUCCESS && tape_depth(doc->parsed) > depth_max)
                        code = simdjson::DEPTH_ERROR;
        }
        if (code == simdjson::SUCCESS) {
                *ret_doc = doc;
                return JSHIM_OK;
        }

        delete doc;
        *ret_message = simdjson::error_message(code);
        if (code == simdjson::DEPTH_ERROR)
                return JSHIM_DEPTH;
        return code == simdjson::MEMALLOC || code == simdjson::CAPACITY ? JSHIM_MEMORY : JSHIM_SYNTAX;
}

extern "C" void jdoc_free(JDoc *doc)
{
        delete doc;
}

extern "C" JVal jdoc_root(const JDoc *doc)
{
        return value_at(doc, 1);
}

static bool is_container(JVal value) noexcept
{
        return value.type == JVAL_ARRAY || value.type == JVAL_OBJECT;
}

extern "C" JIter jval_iter(JVal container)
{
        if (!is_container(container))
                return JIter{ container, 0, 0 };
        return JIter{ container, container.at + 1, ref(container).matching_brace_index() - uint64_t(1) };
}

extern "C" bool jiter_next(JIter *iter, JVal *ret_value)
{
        if (iter->of.type == JVAL_OBJECT) {
                const char *key;
                size_t key_n;

                return jiter_next_member(iter, &key, &key_n, ret_value);
        }
        if (iter->at >= iter->end)
                return false;
        *ret_value = value_at(iter->of.doc, iter->at);
        iter->at = ref(*ret_value).after_element();
        return true;
}

extern "C" bool jiter_next_member(JIter *iter, const char **ret_key, size_t *ret_key_n, JVal *ret_value)
{
        if (iter->of.type != JVAL_OBJECT || iter->at >= iter->end)
                return false;

        tape_ref key(&iter->of.doc->parsed, iter->at);

        *ret_key = key.get_c_str();
        if (ret_key_n != nullptr)
                *ret_key_n = key.get_string_length();
        *ret_value = value_at(iter->of.doc, iter->at + 1);
        iter->at = ref(*ret_value).after_element();
        return true;
}

extern "C" JVal jval_get(JVal object, const char *key)
{
        size_t n = std::strlen(key);
        JIter iter = jval_iter(object);

        if (object.type != JVAL_OBJECT)
                return JVal{ object.doc, 0, JVAL_NONE };
        while (iter.at < iter.end) {
                tape_ref name(&object.doc->parsed, iter.at);
                tape_ref value(&object.doc->parsed, iter.at + 1);

                if (name.get_string_length() == n && std::memcmp(name.get_c_str(), key, n) == 0)
                        return value_at(object.doc, iter.at + 1);
                iter.at = value.after_element();
        }
        return JVal{ object.doc, 0, JVAL_NONE };
}

extern "C" size_t jval_count(JVal container)
{
        size_t n = 0;
        JVal value;

        if (!is_container(container))
                return 0;
        n = ref(container).scope_count();
        if (n < simdjson::internal::JSON_COUNT_MASK) // the tape counts no further
                return n;
        n = 0;
        for (JIter iter = jval_iter(container); jiter_next(&iter, &value);)
                n++;
        return n;
}

extern "C" const char *jval_text(JVal value, size_t *ret_n)
{
        if (value.type != JVAL_STRING)
                return nullptr;
        if (ret_n != nullptr)
                *ret_n = ref(value).get_string_length();
        return ref(value).get_c_str();
}

extern "C" const char *jval_get_text(JVal object, const char *key)
{
        return jval_text(jval_get(object, key), nullptr);
}

extern "C" bool jval_int(JVal value, int64_t *ret_value)
{
        if (value.type != JVAL_INT)
                return false;
        *ret_value = ref(value).next_tape_value<int64_t>();
        return true;
}

extern "C" bool jval_real(JVal value, double *ret_value)
{
        if (value.type == JVAL_INT)
                *ret_value = double(ref(value).next_tape_value<int64_t>());
        else if (value.type != JVAL_REAL)
                return false;
        else if (ref(value).tape_ref_type() == tape_type::UINT64)
                *ret_value = double(ref(value).next_tape_value<uint64_t>());
        else
                *ret_value = ref(value).next_tape_value<double>();
        return true;
}

extern "C" bool jval_bool(JVal value, bool *ret_value)
{
        if (value.type != JVAL_BOOL)
                return false;
        *ret_value = ref(value).is_true();
        return true;
}
