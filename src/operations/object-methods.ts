import type { Operation } from "./operation.ts";
import type { ObjectBuilder } from "../schema/objects/declare.ts";
import { customObjectOf } from "../schema/objects/custom.ts";
import type { CustomData, ObjectName, OpenKind, OpenObject } from "../schema/objects/types.ts";
import {
  materializedViewOf,
  type MaterializedViewDefinition,
} from "../schema/objects/materialized-view.ts";
import {
  functionOf,
  procedureOf,
  type FunctionDefinition,
  type ProcedureDefinition,
} from "../schema/objects/routine.ts";
import { policyOf, type PolicyDefinition } from "../schema/objects/policy.ts";
import { ruleOf, type RuleDefinition } from "../schema/objects/rule.ts";
import { eventTriggerOf, type EventTriggerDefinition } from "../schema/objects/event-trigger.ts";
import { publicationOf, type PublicationDefinition } from "../schema/objects/publication.ts";
import { grantsOf, type GrantsDefinition } from "../schema/objects/grants.ts";
import {
  defaultPrivilegesOf,
  type DefaultPrivilegesDefinition,
} from "../schema/objects/default-privileges.ts";
import { aggregateOf, type AggregateDefinition } from "../schema/objects/aggregate.ts";
import { schemaCommentOf, type SchemaCommentDefinition } from "../schema/objects/schema-comment.ts";
import { statisticsOf, type StatisticsDefinition } from "../schema/objects/statistics.ts";
import { castOf, type CastDefinition } from "../schema/objects/cast.ts";
import { operatorOf, type OperatorDefinition } from "../schema/objects/operator.ts";
import {
  textSearchConfigurationOf,
  textSearchDictionaryOf,
  type TextSearchConfigurationDefinition,
  type TextSearchDictionaryDefinition,
} from "../schema/objects/text-search.ts";
import { triggerOf, type TriggerDefinition } from "../schema/objects/trigger.ts";
import { extensionOf, type ExtensionDefinition } from "../schema/objects/extension.ts";
import { sequenceOf, type SequenceDefinition } from "../schema/objects/sequence.ts";
import { eventOf, type EventDefinition } from "../schema/objects/event.ts";
import { virtualTableOf, type VirtualTableDefinition } from "../schema/objects/virtual-table.ts";
import { collationOf, type CollationDefinition } from "../schema/objects/collation.ts";
import {
  compositeTypeOf,
  domainOf,
  rangeTypeOf,
  type CompositeTypeDefinition,
  type DomainDefinition,
  type RangeTypeDefinition,
} from "../schema/objects/user-types.ts";
import { viewOf, type ViewDefinition } from "../schema/objects/view.ts";

type Create<Definition> = (name: string, definition: Definition) => void;
/** Of a kind that may have nothing to say beside its name. */
type CreateBare<Definition> = (name: string, definition?: Definition) => void;
type Drop = (name: string, where?: Omit<ObjectName, "name">) => void;
/** The whole object before and after. */
type Alter<Definition> = (
  name: string,
  change: { readonly from: Definition; readonly to: Definition },
) => void;

/** Where an object of the project's own is. */
export type CustomPlace = Pick<ObjectName, "schema" | "table">;

/** The methods of `op` for objects beside tables: three for each kind. */
export interface ObjectMethods {
  /** Objects of a kind that a plugin of the config defines. */
  readonly createObject: (
    type: string,
    name: string,
    definition: CustomData,
    where?: CustomPlace,
  ) => void;
  readonly dropObject: (type: string, name: string, where?: CustomPlace) => void;
  readonly alterObject: (
    type: string,
    name: string,
    change: { readonly from: CustomData; readonly to: CustomData },
    where?: CustomPlace,
  ) => void;
  /** An operation that a plugin of the config defines. */
  readonly invoke: (name: string, data?: CustomData) => void;
  readonly createView: Create<ViewDefinition>;
  readonly dropView: Drop;
  readonly alterView: Alter<ViewDefinition>;
  readonly createMaterializedView: Create<MaterializedViewDefinition>;
  readonly dropMaterializedView: Drop;
  readonly alterMaterializedView: Alter<MaterializedViewDefinition>;
  readonly createFunction: Create<FunctionDefinition>;
  readonly dropFunction: Drop;
  readonly alterFunction: Alter<FunctionDefinition>;
  readonly createProcedure: Create<ProcedureDefinition>;
  readonly dropProcedure: Drop;
  readonly alterProcedure: Alter<ProcedureDefinition>;
  readonly createTrigger: Create<TriggerDefinition>;
  readonly dropTrigger: Drop;
  readonly alterTrigger: Alter<TriggerDefinition>;
  readonly createAggregate: Create<AggregateDefinition>;
  readonly dropAggregate: Drop;
  readonly alterAggregate: Alter<AggregateDefinition>;
  readonly createGrants: Create<GrantsDefinition>;
  readonly dropGrants: Drop;
  readonly alterGrants: Alter<GrantsDefinition>;
  readonly createDefaultPrivileges: Create<DefaultPrivilegesDefinition>;
  readonly dropDefaultPrivileges: Drop;
  readonly alterDefaultPrivileges: Alter<DefaultPrivilegesDefinition>;
  readonly createEventTrigger: Create<EventTriggerDefinition>;
  readonly dropEventTrigger: Drop;
  readonly alterEventTrigger: Alter<EventTriggerDefinition>;
  readonly createPublication: CreateBare<PublicationDefinition>;
  readonly dropPublication: Drop;
  readonly alterPublication: Alter<PublicationDefinition>;
  readonly createStatistics: Create<StatisticsDefinition>;
  readonly dropStatistics: Drop;
  readonly alterStatistics: Alter<StatisticsDefinition>;
  readonly createSchemaComment: Create<SchemaCommentDefinition>;
  readonly dropSchemaComment: Drop;
  readonly alterSchemaComment: Alter<SchemaCommentDefinition>;
  readonly createTextSearchDictionary: Create<TextSearchDictionaryDefinition>;
  readonly dropTextSearchDictionary: Drop;
  readonly alterTextSearchDictionary: Alter<TextSearchDictionaryDefinition>;
  readonly createTextSearchConfiguration: Create<TextSearchConfigurationDefinition>;
  readonly dropTextSearchConfiguration: Drop;
  readonly alterTextSearchConfiguration: Alter<TextSearchConfigurationDefinition>;
  readonly createCast: Create<CastDefinition>;
  readonly dropCast: Drop;
  readonly alterCast: Alter<CastDefinition>;
  readonly createOperator: Create<OperatorDefinition>;
  readonly dropOperator: Drop;
  readonly alterOperator: Alter<OperatorDefinition>;
  readonly createRule: Create<RuleDefinition>;
  readonly dropRule: Drop;
  readonly alterRule: Alter<RuleDefinition>;
  readonly createPolicy: Create<PolicyDefinition>;
  readonly dropPolicy: Drop;
  readonly alterPolicy: Alter<PolicyDefinition>;
  readonly createSequence: CreateBare<SequenceDefinition>;
  readonly dropSequence: Drop;
  readonly alterSequence: Alter<SequenceDefinition>;
  readonly createDomain: Create<DomainDefinition>;
  readonly dropDomain: Drop;
  readonly alterDomain: Alter<DomainDefinition>;
  readonly createCompositeType: Create<CompositeTypeDefinition>;
  readonly dropCompositeType: Drop;
  readonly alterCompositeType: Alter<CompositeTypeDefinition>;
  readonly createRangeType: Create<RangeTypeDefinition>;
  readonly dropRangeType: Drop;
  readonly alterRangeType: Alter<RangeTypeDefinition>;
  readonly createCollation: Create<CollationDefinition>;
  readonly dropCollation: Drop;
  readonly alterCollation: Alter<CollationDefinition>;
  readonly createExtension: CreateBare<ExtensionDefinition>;
  readonly dropExtension: Drop;
  readonly alterExtension: Alter<ExtensionDefinition>;
  readonly createEvent: Create<EventDefinition>;
  readonly dropEvent: Drop;
  readonly alterEvent: Alter<EventDefinition>;
  readonly createVirtualTable: Create<VirtualTableDefinition>;
  readonly dropVirtualTable: Drop;
  readonly alterVirtualTable: Alter<VirtualTableDefinition>;
}

/** Makes the methods that record. */
export function objectMethods(record: (operation: Operation) => void): ObjectMethods {
  const create =
    <Definition>(build: ObjectBuilder<Definition, OpenObject>): Create<Definition> =>
    (name, definition) =>
      record({ kind: "createObject", object: build(name, definition) });
  const drop =
    (type: OpenKind): Drop =>
    (name, where = {}) =>
      record({ kind: "dropObject", type, object: { name, ...where } });
  const alter =
    <Definition>(build: ObjectBuilder<Definition, OpenObject>): Alter<Definition> =>
    (name, { from, to }) =>
      record({ kind: "alterObject", from: build(name, from), to: build(name, to) });
  return {
    createObject: (type, name, definition, where) =>
      record({ kind: "createObject", object: customObjectOf(type, name, definition, where) }),
    dropObject: (type, name, where = {}) =>
      record({ kind: "dropObject", type: "custom", object: { type, name, ...where } }),
    alterObject: (type, name, { from, to }, where) =>
      record({
        kind: "alterObject",
        from: customObjectOf(type, name, from, where),
        to: customObjectOf(type, name, to, where),
      }),
    invoke: (name, data = {}) => record({ kind: "invoke", name, data }),
    createView: create(viewOf),
    dropView: drop("view"),
    alterView: alter(viewOf),
    createMaterializedView: create(materializedViewOf),
    dropMaterializedView: drop("materializedView"),
    alterMaterializedView: alter(materializedViewOf),
    createFunction: create(functionOf),
    dropFunction: drop("function"),
    alterFunction: alter(functionOf),
    createProcedure: create(procedureOf),
    dropProcedure: drop("procedure"),
    alterProcedure: alter(procedureOf),
    createTrigger: create(triggerOf),
    dropTrigger: drop("trigger"),
    alterTrigger: alter(triggerOf),
    createAggregate: create(aggregateOf),
    dropAggregate: drop("aggregate"),
    alterAggregate: alter(aggregateOf),
    createGrants: create(grantsOf),
    dropGrants: drop("grants"),
    alterGrants: alter(grantsOf),
    createDefaultPrivileges: create(defaultPrivilegesOf),
    dropDefaultPrivileges: drop("defaultPrivileges"),
    alterDefaultPrivileges: alter(defaultPrivilegesOf),
    createEventTrigger: create(eventTriggerOf),
    dropEventTrigger: drop("eventTrigger"),
    alterEventTrigger: alter(eventTriggerOf),
    createPublication: (name, definition) =>
      record({ kind: "createObject", object: publicationOf(name, definition) }),
    dropPublication: drop("publication"),
    alterPublication: alter(publicationOf),
    createStatistics: create(statisticsOf),
    dropStatistics: drop("statistics"),
    alterStatistics: alter(statisticsOf),
    createSchemaComment: create(schemaCommentOf),
    dropSchemaComment: drop("schemaComment"),
    alterSchemaComment: alter(schemaCommentOf),
    createTextSearchDictionary: create(textSearchDictionaryOf),
    dropTextSearchDictionary: drop("textSearchDictionary"),
    alterTextSearchDictionary: alter(textSearchDictionaryOf),
    createTextSearchConfiguration: create(textSearchConfigurationOf),
    dropTextSearchConfiguration: drop("textSearchConfiguration"),
    alterTextSearchConfiguration: alter(textSearchConfigurationOf),
    createCast: create(castOf),
    dropCast: drop("cast"),
    alterCast: alter(castOf),
    createOperator: create(operatorOf),
    dropOperator: drop("operator"),
    alterOperator: alter(operatorOf),
    createRule: create(ruleOf),
    dropRule: drop("rule"),
    alterRule: alter(ruleOf),
    createPolicy: create(policyOf),
    dropPolicy: drop("policy"),
    alterPolicy: alter(policyOf),
    createSequence: (name, definition) =>
      record({ kind: "createObject", object: sequenceOf(name, definition) }),
    dropSequence: drop("sequence"),
    alterSequence: alter(sequenceOf),
    createDomain: create(domainOf),
    dropDomain: drop("domain"),
    alterDomain: alter(domainOf),
    createCompositeType: create(compositeTypeOf),
    dropCompositeType: drop("compositeType"),
    alterCompositeType: alter(compositeTypeOf),
    createRangeType: create(rangeTypeOf),
    dropRangeType: drop("rangeType"),
    alterRangeType: alter(rangeTypeOf),
    createCollation: create(collationOf),
    dropCollation: drop("collation"),
    alterCollation: alter(collationOf),
    createExtension: (name, definition) =>
      record({ kind: "createObject", object: extensionOf(name, definition) }),
    dropExtension: drop("extension"),
    alterExtension: alter(extensionOf),
    createEvent: create(eventOf),
    dropEvent: drop("event"),
    alterEvent: alter(eventOf),
    createVirtualTable: create(virtualTableOf),
    dropVirtualTable: drop("virtualTable"),
    alterVirtualTable: alter(virtualTableOf),
  };
}
