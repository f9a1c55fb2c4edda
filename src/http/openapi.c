/* The description of the API as an OpenAPI 3.1 document, made from the tables: addresses, permissions, parameters and bodies from
 * the routes, what bodies and answers look like from shapes.json, kinds and attributes from the metamodel. */
#include "base/error.h"
#include "http/api_write.h"
#include "http/shapes.h"

#include <string.h>

#define REF_PREFIX "#/components/schemas/"

static json_t *ref_to(const char *name)
{
        g_autofree char *ref = g_strconcat(REF_PREFIX, name, NULL);

        return json_pack("{s:s}", "$ref", ref);
}

/* ---- attributes of kinds ---- */

static json_t *texts_of(const AttrDef *attr)
{
        json_t *values = json_array();

        for (size_t i = 0; i < attr->n_values; i++)
                json_array_append_new(values, json_string(attr->values[i]));
        return values;
}

static json_t *value_schema(const AttrDef *attr)
{
        return attr->n_values == 0 ? json_pack("{s:s}", "type", "string")
                                   : json_pack("{s:s, s:o}", "type", "string", "enum", texts_of(attr));
}

static json_t *whole_schema(const AttrDef *attr)
{
        json_t *schema = json_pack("{s:s}", "type", "integer");

        if (attr->has_bounds) {
                json_object_set_new(schema, "minimum", json_integer((json_int_t)attr->least));
                json_object_set_new(schema, "maximum", json_integer((json_int_t)attr->most));
        }
        return schema;
}

static json_t *list_schema(json_t *items)
{
        return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

static json_t *map_schema(json_t *values)
{
        return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", values);
}

static json_t *attr_schema(const AttrDef *attr)
{
        switch (attr->type) {
        case ATTR_ENUM:
                return value_schema(attr);
        case ATTR_ENUMS:
        case ATTR_LIST:
        case ATTR_REFS:
        case ATTR_KEYS:
                return list_schema(value_schema(attr));
        case ATTR_INT:
                return whole_schema(attr);
        case ATTR_INTS:
                return list_schema(whole_schema(attr));
        case ATTR_BOOL:
                return json_pack("{s:s}", "type", "boolean");
        case ATTR_VECTOR:
                return ref_to("vector");
        case ATTR_ANSWERS:
                return map_schema(json_pack("{s:s}", "type", "boolean"));
        case ATTR_LEVELS:
                return map_schema(whole_schema(attr));
        case ATTR_VERSIONS:
        case ATTR_TEXTS:
                return map_schema(json_pack("{s:s}", "type", "string"));
        case ATTR_TEXT:
        case ATTR_DECIMAL:
        case ATTR_DATE:
        case ATTR_REF:
        default:
                return json_pack("{s:s}", "type", "string");
        }
}

/* `attrs_zone`, and `items_zone`, the list of that kind. */
static void kind_add(json_t *schemas, KindId kind)
{
        const char *name = kind_def(kind)->name;
        g_autofree char *attrs_name = g_strconcat("attrs_", name, NULL),
                        *items_name = g_strconcat("items_", name, NULL);
        g_autoptr(GPtrArray) attrs = attr_list(kind);
        json_t *properties = json_object(), *items = json_deep_copy(json_object_get(schemas, "items")), *one;

        for (guint i = 0; i < attrs->len; i++) {
                const AttrDef *attr = attrs->pdata[i];
                json_t *schema = attr_schema(attr);

                json_object_set_new(schema, "description", json_string(attr->doc));
                json_object_set_new(properties, attr->name, schema);
        }
        json_object_set_new(schemas, attrs_name,
                            json_pack("{s:s, s:o, s:b}", "type", "object", "properties", properties,
                                      "additionalProperties", 0));
        one = json_object_get(json_object_get(items, "items"), "properties");
        json_object_set_new(one, "attrs", ref_to(attrs_name));
        json_object_set_new(one, "kind", json_pack("{s:s}", "const", name));
        json_object_set_new(schemas, items_name, items);
}

/* ---- an operation ---- */

static json_t *param_schema(const Param *param)
{
        static const char *const types[] = {
                [PARAM_TEXT] = "string", [PARAM_FLAG] = "boolean", [PARAM_NUMBER] = "integer"
        };

        return param->type == PARAM_LIST ? list_schema(json_pack("{s:s}", "type", "string"))
                                         : json_pack("{s:s}", "type", types[param->type]);
}

static void field_add(json_t *list, const char *name, bool required, const char *meaning)
{
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:s, s:{s:s}}", "name", name, "in", "header",
                                              "required", required, "description", meaning, "schema", "type",
                                              "string"));
}

/* Those of the path, of the query, and header fields. */
static json_t *params_of(const Route *route, const char *pattern)
{
        const ParamSet taken = route_params(route);
        const Param *params = route_param_table();
        json_t *list = json_array();

        for (const char *at = strchr(pattern, '{'); at != NULL; at = strchr(at + 1, '{')) {
                g_autofree char *name = g_strndup(at + 1, strcspn(at + 1, "}"));

                json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:{s:s}}", "name", name, "in", "path",
                                                      "required", 1, "schema", "type", "string"));
        }
        for (int i = 0; i < PARAM_COUNT; i++)
                if ((taken & PARAM_BIT(i)) != 0)
                        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "name", params[i].name,
                                                              "in", "query", "description", params[i].meaning,
                                                              "schema", param_schema(&params[i])));
        if (route->flags & COMMITS)
                field_add(list, "Idempotency-Key", false, "done once, however often it comes");
        if (strstr(pattern, "/items/{key}") != NULL && (route->flags & COMMITS))
                field_add(list, "If-Match", route->method != HTTP_POST,
                          "the revision the change was made on");
        return list;
}

static json_t *body_of(const Shapes *shapes, const Route *route)
{
        const BodyRule *rule = body_rule(route->body);
        const char *name = shapes_takes(shapes, route);
        const char *type = strcmp(rule->types, "*") == 0 ? "application/octet-stream" : rule->types;
        json_t *media = json_object();

        if (name != NULL)
                json_object_set_new(media, "schema", ref_to(name));
        return json_pack("{s:b, s:{s:o}}", "required", 1, "content", type, media);
}

static json_t *answer_of(const char *type, json_t *schema)
{
        json_t *media = json_object();

        if (schema != NULL)
                json_object_set_new(media, "schema", schema);
        return json_pack("{s:s, s:{s:o}}", "description", "done", "content", type, media);
}

/* What is answered: the status of the table, and what else a request may get. */
static json_t *answers_of(const Shapes *shapes, const Route *route, const char *gives)
{
        const int status = shapes_status(shapes, route);
        const char *type = shapes_type(shapes, route);
        const bool is_json = gives != NULL && strcmp(type, REPLY_JSON) == 0;
        json_t *answers = json_object(), *schema = is_json ? ref_to(gives) : NULL;
        g_autofree char *code = g_strdup_printf("%d", status);

        if (status == 204 || status == 303)
                json_object_set_new(answers, code, json_pack("{s:s}", "description", "done"));
        else if ((route->flags & COMMITS) && status == 200 && g_strcmp0(gives, "edit_done") != 0 &&
                 g_strcmp0(gives, "bulk_rows") != 0)
                json_object_set_new(answers, code,
                                    answer_of(type,
                                              json_pack("{s:[o, o]}", "anyOf", schema, ref_to("edit_done"))));
        else
                json_object_set_new(answers, code, answer_of(type, schema));
        if ((route->flags & COMMITS) && status == 201)
                json_object_set_new(answers, "200", answer_of(REPLY_JSON, ref_to("edit_done")));
        if (strcmp(type, "*/*") == 0)
                json_object_set_new(answers, "206", answer_of(type, NULL));
        if ((route->flags & TAGGED) || strcmp(type, REPLY_JSON) != 0)
                json_object_set_new(answers, "304", json_pack("{s:s}", "description", "as it was"));
        if (strcmp(route->pattern, "/") == 0)
                json_object_set_new(answers, "307",
                                    json_pack("{s:s}", "description", "the page of a project"));
        json_object_set_new(answers, "default", answer_of(REPLY_PROBLEM, ref_to("problem")));
        return answers;
}

/* `GET /api/v1/items/{key}` is `get_items_key`. */
static char *name_of(const Route *route, const char *pattern)
{
        const char *path = g_str_has_prefix(pattern, "/api/v1") ? pattern + strlen("/api/v1") : pattern;
        g_autofree char *method = g_ascii_strdown(method_name(route->method), -1);
        g_autoptr(GString) name = g_string_new(method);

        for (const char *at = path; *at != '\0'; at++) {
                if (g_ascii_isalnum(*at))
                        g_string_append_c(name, *at);
                else if (name->str[name->len - 1] != '_' && at[1] != '\0' && *at != '}')
                        g_string_append_c(name, '_');
        }
        return g_strdup(name->str);
}

static json_t *operation_of(const Shapes *shapes, const Route *route, const char *pattern, const char *gives)
{
        g_autofree char *name = name_of(route, pattern);
        json_t *operation = json_pack("{s:s, s:s, s:o, s:o}", "operationId", name, "summary", route->summary,
                                      "parameters", params_of(route, pattern), "responses",
                                      answers_of(shapes, route, gives));

        if (route->permission == ROUTE_PUBLIC)
                json_object_set_new(operation, "security", json_array());
        else
                json_object_set_new(operation, "x-zonewright-permission",
                                    json_string(permission_name((PermissionId)route->permission)));
        if (route->usecase != NULL)
                json_object_set_new(operation, "x-zonewright-use-case", json_string(route->usecase));
        if (body_rule(route->body)->most > 0)
                json_object_set_new(operation, "requestBody", body_of(shapes, route));
        return operation;
}

/* ---- the document ---- */

static void path_add(json_t *paths, const Shapes *shapes, const Route *route, const char *pattern,
                     const char *gives)
{
        json_t *path = json_object_get(paths, pattern);
        g_autofree char *method = g_ascii_strdown(method_name(route->method), -1);

        if (path == NULL)
                json_object_set_new(paths, pattern, path = json_object());
        /* The first row counts, as it does when a request comes. */
        if (json_object_get(path, method) == NULL)
                json_object_set_new(path, method, operation_of(shapes, route, pattern, gives));
}

static void paths_add(json_t *paths, const Shapes *shapes)
{
        size_t n;
        const Route *routes = route_table(&n);

        for (size_t i = 0; i < n; i++) {
                if (strcmp(routes[i].pattern, "/api/v1/{plural}") != 0) {
                        path_add(paths, shapes, &routes[i], routes[i].pattern,
                                 shapes_gives(shapes, &routes[i]));
                        continue;
                }
                for (int kind = 0; kind < ZW_KIND_COUNT; kind++) {
                        g_autofree char *plural = kind_plural((KindId)kind);
                        g_autofree char *pattern = g_strconcat("/api/v1/", plural, NULL);
                        g_autofree char *gives = g_strconcat("items_", kind_def((KindId)kind)->name, NULL);

                        path_add(paths, shapes, &routes[i], pattern, gives);
                }
        }
}

static json_t *document_new(const Shapes *shapes)
{
        json_t *schemas = json_deep_copy(shapes_schemas(shapes)), *paths = json_object();

        for (int kind = 0; kind < ZW_KIND_COUNT; kind++)
                kind_add(schemas, (KindId)kind);
        paths_add(paths, shapes);
        return json_pack(
                "{s:s, s:{s:s, s:s, s:{s:s, s:s}}, s:[{s:s}], s:[{s:[]}, {s:[]}], s:o, s:{s:o, s:{s:{s:s, "
                "s:s, s:s}, s:{s:s, s:s}}}}",
                "openapi", "3.1.0", "info", "title", "Zonewright", "version", ZW_VERSION, "license", "name",
                "Apache-2.0", "identifier", "Apache-2.0", "servers", "url", "/", "security", "session",
                "token", "paths", paths, "components", "schemas", schemas, "securitySchemes", "session",
                "type", "apiKey", "in", "cookie", "name", ZW_SESSION_COOKIE, "token", "type", "http",
                "scheme", "bearer");
}

bool api_description(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) document = document_new(call->request->context->shapes);

        if (document == NULL) {
                error_set(error, ZW_ERR_INTERNAL, NULL, "the description could not be made");
                return false;
        }
        return write_reply(reply, 200, document, error);
}
