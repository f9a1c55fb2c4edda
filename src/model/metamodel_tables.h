/* The generated tables behind metamodel.c; nobody else includes this. */
#ifndef MODEL_METAMODEL_TABLES_H
#define MODEL_METAMODEL_TABLES_H

#include "model/metamodel.h"

extern const KindDef metamodel_kinds[];
extern const StateDef metamodel_states[];
extern const StateId metamodel_initial[]; /* by LifecycleId */
extern const TransitionDef metamodel_transitions[];
extern const size_t metamodel_n_transitions;
extern const AttrDef metamodel_attributes[];
extern const size_t metamodel_n_attributes;
extern const uint8_t metamodel_attr_index[][ZW_ATTR_COUNT];
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
extern const char *const metamodel_attr_names[];

#endif
