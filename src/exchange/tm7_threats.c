/* Threats of a TM7 model. */
#include "exchange/tm7_xml.h"

#include <string.h>

void tm7_threat_clear(gpointer data)
{
        Tm7Threat *threat = data;

        g_free(threat->id);
        g_free(threat->title);
        g_free(threat->category);
        g_free(threat->description);
        g_free(threat->interaction);
        g_free(threat->mitigations);
        g_free(threat->priority);
        g_free(threat->state);
        g_free(threat->justification);
        g_free(threat->source);
        g_free(threat->target);
        g_free(threat->flow);
        g_clear_pointer(&threat->extra, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tm7Threat, tm7_threat_clear)

/* Texts of a threat. Newer files have them as properties, and nothing in the elements of these names. */
static const Tm7Member threat_texts[] = {
        { "Title", G_STRUCT_OFFSET(Tm7Threat, title) },
        { "UserThreatCategory", G_STRUCT_OFFSET(Tm7Threat, category) },
        { "UserThreatDescription", G_STRUCT_OFFSET(Tm7Threat, description) },
        { "InteractionString", G_STRUCT_OFFSET(Tm7Threat, interaction) },
        { "PossibleMitigations", G_STRUCT_OFFSET(Tm7Threat, mitigations) },
        { "Priority", G_STRUCT_OFFSET(Tm7Threat, priority) },
        { "StateInformation", G_STRUCT_OFFSET(Tm7Threat, justification) },
};
static const Tm7Member threat_members[] = {
        { "State", G_STRUCT_OFFSET(Tm7Threat, state) },
        { "SourceGuid", G_STRUCT_OFFSET(Tm7Threat, source) },
        { "TargetGuid", G_STRUCT_OFFSET(Tm7Threat, target) },
        { "FlowGuid", G_STRUCT_OFFSET(Tm7Threat, flow) },
};

static bool pair_child(Tm7Reader *r, void *data, GError **error)
{
        static const Tm7Member members[] = { { "Key", G_STRUCT_OFFSET(Tm7Pair, key) },
                                             { "Value", G_STRUCT_OFFSET(Tm7Pair, value) } };
        bool taken;

        if (!tm7_take_member(r, members, G_N_ELEMENTS(members), data, &taken, error))
                return false;
        return taken || xml_skip(r->xml, error);
}

static bool threat_property(Tm7Reader *r, void *data, GError **error)
{
        g_auto(Tm7Pair) pair = { g_strdup(""), g_strdup("") };
        Tm7Threat *threat = data;

        if (!tm7_each_child(r, pair_child, &pair, error))
                return false;
        /* The explanation of the category is the template's, the same for all of its threats. */
        if (pair.value[0] == '\0' || strcmp(pair.key, "UserThreatShortDescription") == 0)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(threat_texts); i++)
                if (strcmp(pair.key, threat_texts[i].name) == 0) {
                        tm7_set_text((char **)G_STRUCT_MEMBER_P(threat, threat_texts[i].offset), pair.value);
                        return true;
                }
        g_ptr_array_add(threat->extra, g_steal_pointer(&pair.key));
        g_ptr_array_add(threat->extra, g_steal_pointer(&pair.value));
        return true;
}

static bool threat_child(Tm7Reader *r, void *data, GError **error)
{
        Tm7Threat *threat = data;
        const bool state = xml_is(r->xml, "State") && threat->state == NULL;
        bool taken;

        if (xml_is(r->xml, "Properties"))
                return tm7_each_child(r, threat_property, data, error);
        if (!tm7_take_member(r, threat_members, G_N_ELEMENTS(threat_members), data, &taken, error))
                return false;
        if (state)
                sink_figure_add(r->sink, "threat_states", threat->state, 1);
        for (size_t i = 0; i < G_N_ELEMENTS(threat_texts) && !taken; i++) {
                char **text = (char **)G_STRUCT_MEMBER_P(threat, threat_texts[i].offset);

                taken = xml_is(r->xml, threat_texts[i].name) && *text == NULL;
                if (taken && !tm7_take_text(r, text, error))
                        return false;
        }
        return taken || xml_skip(r->xml, error);
}

static bool threat_entry(Tm7Reader *r, void *data, GError **error)
{
        Tm7Threat *threat = data;

        if (xml_is(r->xml, "Key"))
                return tm7_take_text(r, &threat->id, error);
        if (xml_is(r->xml, "Value"))
                return tm7_each_child(r, threat_child, data, error);
        return xml_skip(r->xml, error);
}

static void threat_complete(Tm7Threat *threat)
{
        static const Tm7Member id[] = { { "Key", G_STRUCT_OFFSET(Tm7Threat, id) } };
        const struct {
                const Tm7Member *members;
                size_t n;
        } lists[] = { { id, 1 },
                      { threat_texts, G_N_ELEMENTS(threat_texts) },
                      { threat_members, G_N_ELEMENTS(threat_members) } };

        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
                for (size_t j = 0; j < lists[i].n; j++) {
                        char **text = (char **)G_STRUCT_MEMBER_P(threat, lists[i].members[j].offset);

                        if (*text == NULL)
                                *text = g_strdup("");
                }
        tm7_fold_guid(&threat->source);
        tm7_fold_guid(&threat->target);
        tm7_fold_guid(&threat->flow);
}

bool tm7_take_threat(Tm7Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        g_auto(Tm7Threat)
                threat = { .line = xml_line(r->xml), .extra = g_ptr_array_new_with_free_func(g_free) };
        g_autofree char *where = xml_where(r->xml);
        const size_t *before;

        if (r->n_threats++ >= TM7_THREATS_MAX)
                return tm7_refuse_limit(r, "threats", TM7_THREATS_MAX, error);
        if (!tm7_each_child(r, threat_entry, &threat, error))
                return false;
        threat_complete(&threat);
        tm7_cut_name(r, threat.title, where);
        before = g_hash_table_lookup(r->threat_ids, threat.id);
        if (threat.id[0] == '\0')
                sink_refuse(r->sink, where, "the threat has no Key, so it cannot be told from others");
        else if (before != NULL)
                sink_refuse(r->sink, where, "the threat has the Key of the one in line %zu", *before);
        else {
                g_hash_table_insert(r->threat_ids, g_strdup(threat.id),
                                    g_memdup2(&threat.line, sizeof(size_t)));
                g_array_append_val(r->model->threats, threat);
                memset(&threat, 0, sizeof(threat));
        }
        return true;
}
