/* The generated tables behind metamodel.c; nobody else includes this. */
#ifndef MODEL_METAMODEL_TABLES_H
#define MODEL_METAMODEL_TABLES_H

#include "model/metamodel.h"

extern const KindDef metamodel_kinds[];
extern const StateDef metamodel_states[];
extern const StateId metamodel_initial[]; /* by LifecycleId */
extern const TransitionDef metamodel_transitions[];
extern const size_t metamodel_n_transitions;
extern const MeaningDef metamodel_meanings[];
extern const char *const metamodel_state_names[];
extern const char *const metamodel_meaning_names[];
extern const AttrDef metamodel_attributes[];
extern const size_t metamodel_n_attributes;
extern const uint16_t metamodel_attr_by_id[][ZW_ATTR_COUNT]; /* by KindId: 1 + the attribute's row; 0: none */
extern const uint16_t metamodel_attr_by_name[]; /* rows of one kind after the other, sorted by name */
extern const uint16_t metamodel_attr_starts[];  /* by KindId, and one more: where its rows begin */
extern const AttrDef metamodel_link_attributes[];
extern const LinkTypeId metamodel_link_attribute_types[];
extern const size_t metamodel_n_link_attributes;
extern const LinkTypeDef metamodel_link_types[];
extern const LinkRuleDef metamodel_link_rules[];
extern const size_t metamodel_n_link_rules;
extern const TraitDef metamodel_traits[];
extern const RoleDef metamodel_roles[];
extern const char *const metamodel_as_names[];
extern const char *const metamodel_permission_names[];
extern const char *const metamodel_kind_names[];
extern const char *const metamodel_link_type_names[];

#endif
