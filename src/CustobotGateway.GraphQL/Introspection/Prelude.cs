using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Introspection;

/// <summary>What every schema has: the scalars, the directives and the introspection types of the language (spec §3.5, §3.13, §4.2).</summary>
internal static class Prelude
{
    public static DocumentNode Document { get; } = Parser.Parse(
        """"
        "A whole number between -(2^31) and 2^31 - 1."
        scalar Int

        "A number in double precision, as specified by IEEE 754."
        scalar Float

        "Text: a sequence of Unicode characters."
        scalar String

        "`true` or `false`."
        scalar Boolean

        "An identifier. It is sent as a string and is not meant to be read by people; a whole number is accepted as input too."
        scalar ID

        "The field or fragment is asked only where the argument is true."
        directive @include("Whether it is asked." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT

        "The field or fragment is left out where the argument is true."
        directive @skip("Whether it is left out." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT

        "Marks what should not be used any more."
        directive @deprecated(
          "Why, and what to use instead, in Markdown."
          reason: String = "No longer supported"
        ) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE

        "Names the document that specifies a scalar."
        directive @specifiedBy("The address of that document." url: String!) on SCALAR

        "Exactly one field of the input object is given, and it is not null."
        directive @oneOf on INPUT_OBJECT

        "The schema: its types, its directives, and the types that operations start from."
        type __Schema {
          description: String
          "Every type of the schema."
          types: [__Type!]!
          "The type that queries start from."
          queryType: __Type!
          "The type that mutations start from, where there are any."
          mutationType: __Type
          "The type that subscriptions start from, where there are any."
          subscriptionType: __Type
          "Every directive of the schema."
          directives: [__Directive!]!
        }

        "A type. Which fields have a value depends on its kind; list and non-null types lead to what they wrap by `ofType`."
        type __Type {
          kind: __TypeKind!
          name: String
          description: String
          specifiedByURL: String
          fields(includeDeprecated: Boolean = false): [__Field!]
          interfaces: [__Type!]
          possibleTypes: [__Type!]
          enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
          inputFields(includeDeprecated: Boolean = false): [__InputValue!]
          ofType: __Type
          isOneOf: Boolean
        }

        "The kinds of types."
        enum __TypeKind {
          "A scalar."
          SCALAR
          "An object type. `fields` and `interfaces` have a value."
          OBJECT
          "An interface. `fields`, `interfaces` and `possibleTypes` have a value."
          INTERFACE
          "A union. `possibleTypes` has a value."
          UNION
          "An enum. `enumValues` has a value."
          ENUM
          "An input object type. `inputFields` has a value."
          INPUT_OBJECT
          "A list. `ofType` has a value."
          LIST
          "A type without null. `ofType` has a value."
          NON_NULL
        }

        "A field of an object type or interface."
        type __Field {
          name: String!
          description: String
          args(includeDeprecated: Boolean = false): [__InputValue!]!
          type: __Type!
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "An argument of a field or directive, or a field of an input object type."
        type __InputValue {
          name: String!
          description: String
          type: __Type!
          "The value when none is given, as it is written in a document."
          defaultValue: String
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "A value of an enum."
        type __EnumValue {
          name: String!
          description: String
          isDeprecated: Boolean!
          deprecationReason: String
        }

        "A directive."
        type __Directive {
          name: String!
          description: String
          isRepeatable: Boolean!
          locations: [__DirectiveLocation!]!
          args(includeDeprecated: Boolean = false): [__InputValue!]!
        }

        "Where a directive may be applied."
        enum __DirectiveLocation {
          QUERY
          MUTATION
          SUBSCRIPTION
          FIELD
          FRAGMENT_DEFINITION
          FRAGMENT_SPREAD
          INLINE_FRAGMENT
          VARIABLE_DEFINITION
          SCHEMA
          SCALAR
          OBJECT
          FIELD_DEFINITION
          ARGUMENT_DEFINITION
          INTERFACE
          UNION
          ENUM
          ENUM_VALUE
          INPUT_OBJECT
          INPUT_FIELD_DEFINITION
        }
        """");

    /// <summary>The fields that every query can ask beside those of its root type (spec §4.2).</summary>
    public static ObjectDefinitionNode MetaFields { get; } = (ObjectDefinitionNode)Parser.Parse(
        """
        type __Meta {
          "The schema."
          __schema: __Schema!
          "A type by its name."
          __type(name: String!): __Type
          "The name of the object type."
          __typename: String!
        }
        """).Definitions[0];
}
