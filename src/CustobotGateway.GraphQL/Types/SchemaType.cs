using System.Collections.Immutable;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>
/// A type of a schema (spec §3.4), wrapped or not. Within one schema equal types are the same object: a type makes each of its wrappers once.
/// </summary>
public abstract class SchemaType
{
    private ListType? _list;
    private NonNullType? _nonNull;

    private protected SchemaType()
    {
    }

    /// <summary>The type at its core (spec §3.4.1).</summary>
    public abstract NamedType Named { get; }

    /// <summary>The type without its outermost <c>!</c>.</summary>
    public virtual SchemaType Nullable => this;

    /// <summary>Whether variables, arguments and input fields may have the type (spec §3.4.2).</summary>
    public bool IsInput => Named is ScalarType or EnumType or InputObjectType;

    /// <summary>Whether fields may have the type (spec §3.4.2).</summary>
    public bool IsOutput => Named is not InputObjectType;

    /// <summary>The list of this type.</summary>
    public ListType AsList() => _list ?? Interlocked.CompareExchange(ref _list, new ListType(this), null) ?? _list;

    /// <summary>The type without null.</summary>
    public NonNullType AsNonNull() => this as NonNullType ?? _nonNull ?? Interlocked.CompareExchange(ref _nonNull, new NonNullType(this), null) ?? _nonNull;
}

/// <summary>A list (spec §3.11).</summary>
public sealed class ListType : SchemaType
{
    internal ListType(SchemaType item) => Item = item;

    /// <summary>The type of its items.</summary>
    public SchemaType Item { get; }

    /// <inheritdoc/>
    public override NamedType Named => Item.Named;

    /// <inheritdoc/>
    public override string ToString() => $"[{Item}]";
}

/// <summary>A type without null (spec §3.12).</summary>
public sealed class NonNullType : SchemaType
{
    internal NonNullType(SchemaType inner) => Inner = inner;

    /// <summary>The type that may be null.</summary>
    public SchemaType Inner { get; }

    /// <inheritdoc/>
    public override NamedType Named => Inner.Named;

    /// <inheritdoc/>
    public override SchemaType Nullable => Inner;

    /// <inheritdoc/>
    public override string ToString() => $"{Inner}!";
}

/// <summary>A type with a name (spec §3.4).</summary>
public abstract class NamedType : SchemaType, INamed
{
    private protected NamedType(string name) => Name = name;

    /// <summary>Unique in the schema.</summary>
    public string Name { get; }

    /// <summary>Markdown, or null.</summary>
    public string? Description { get; internal set; }

    /// <summary>The directives that were applied to its definition and extensions, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; internal set; } = [];

    /// <inheritdoc/>
    public override NamedType Named => this;

    /// <summary>Whether it is a scalar or an enum.</summary>
    public bool IsLeaf => this is ScalarType or EnumType;

    /// <summary>Whether it comes with the language: introspection types and the five scalars.</summary>
    public bool IsBuiltIn { get; internal set; }

    /// <summary>What an object of it weighs in the cost of an operation; not a number before that is first asked.</summary>
    internal double Weight { get; set; } = double.NaN;

    internal SourceLocation Location { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
