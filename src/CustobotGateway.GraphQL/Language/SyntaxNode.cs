namespace CustobotGateway.GraphQL.Language;

/// <summary>The kinds of syntax nodes.</summary>
public enum NodeKind
{
    /// <summary>A document (spec §2.2).</summary>
    Document,

    /// <summary>An operation (spec §2.3).</summary>
    Operation,

    /// <summary>A variable of an operation (spec §2.10).</summary>
    VariableDefinition,

    /// <summary>A fragment (spec §2.8).</summary>
    Fragment,

    /// <summary>A selection set (spec §2.4).</summary>
    SelectionSet,

    /// <summary>A field that is asked (spec §2.5).</summary>
    Field,

    /// <summary>A fragment that is spread (spec §2.8).</summary>
    FragmentSpread,

    /// <summary>An inline fragment (spec §2.8.2).</summary>
    InlineFragment,

    /// <summary>An argument (spec §2.6).</summary>
    Argument,

    /// <summary>A directive that is applied (spec §2.12).</summary>
    Directive,

    /// <summary>A variable (spec §2.10).</summary>
    Variable,

    /// <summary>A whole number (spec §2.9.1).</summary>
    IntValue,

    /// <summary>A number with a fraction or an exponent (spec §2.9.2).</summary>
    FloatValue,

    /// <summary>A string (spec §2.9.4).</summary>
    StringValue,

    /// <summary><c>true</c> or <c>false</c> (spec §2.9.3).</summary>
    BooleanValue,

    /// <summary><c>null</c> (spec §2.9.5).</summary>
    NullValue,

    /// <summary>An enum value (spec §2.9.6).</summary>
    EnumValue,

    /// <summary>A list (spec §2.9.7).</summary>
    ListValue,

    /// <summary>An input object (spec §2.9.8).</summary>
    ObjectValue,

    /// <summary>A field of an input object (spec §2.9.8).</summary>
    ObjectField,

    /// <summary>A type by its name.</summary>
    NamedType,

    /// <summary>A list of a type.</summary>
    ListType,

    /// <summary>A type without null.</summary>
    NonNullType,

    /// <summary>The schema definition or an extension of it (spec §3.3).</summary>
    SchemaDefinition,

    /// <summary>The type that one kind of operation starts from (spec §3.3.1).</summary>
    RootType,

    /// <summary>A scalar (spec §3.5).</summary>
    ScalarDefinition,

    /// <summary>An object type (spec §3.6).</summary>
    ObjectDefinition,

    /// <summary>An interface (spec §3.7).</summary>
    InterfaceDefinition,

    /// <summary>A union (spec §3.8).</summary>
    UnionDefinition,

    /// <summary>An enum (spec §3.9).</summary>
    EnumDefinition,

    /// <summary>An input object type (spec §3.10).</summary>
    InputObjectDefinition,

    /// <summary>A field of an object type or interface (spec §3.6).</summary>
    FieldDefinition,

    /// <summary>An argument (spec §3.6.1) or a field of an input object type (spec §3.10).</summary>
    InputValueDefinition,

    /// <summary>A value of an enum (spec §3.9).</summary>
    EnumValueDefinition,

    /// <summary>A directive (spec §3.13).</summary>
    DirectiveDefinition,
}

/// <summary>A node of the syntax tree. Immutable, so that a tree is shared between requests.</summary>
public abstract class SyntaxNode(SourceLocation location)
{
    /// <summary>Where it begins.</summary>
    public SourceLocation Location { get; } = location;

    /// <summary>What it is.</summary>
    public abstract NodeKind Kind { get; }
}
