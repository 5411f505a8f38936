namespace CustobotGateway.GraphQL.Language;

/// <summary>A reference to a type (spec §2.11).</summary>
public abstract class TypeNode(SourceLocation location) : SyntaxNode(location)
{
    /// <summary>The name at its core.</summary>
    public abstract NamedTypeNode Named { get; }
}

/// <summary>A type by its name.</summary>
/// <param name="name">The name.</param>
/// <param name="location">Where it begins.</param>
public sealed class NamedTypeNode(string name, SourceLocation location) : TypeNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.NamedType;

    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override NamedTypeNode Named => this;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A list of a type.</summary>
/// <param name="item">The type of its items.</param>
/// <param name="location">Where it begins.</param>
public sealed class ListTypeNode(TypeNode item, SourceLocation location) : TypeNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.ListType;

    /// <summary>The type of its items.</summary>
    public TypeNode Item { get; } = item;

    /// <inheritdoc/>
    public override NamedTypeNode Named => Item.Named;

    /// <inheritdoc/>
    public override string ToString() => $"[{Item}]";
}

/// <summary>A type without null.</summary>
/// <param name="type">The type that may not be null.</param>
/// <param name="location">Where it begins.</param>
public sealed class NonNullTypeNode(TypeNode type, SourceLocation location) : TypeNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.NonNullType;

    /// <summary>The type that may not be null.</summary>
    public TypeNode Type { get; } = type;

    /// <inheritdoc/>
    public override NamedTypeNode Named => Type.Named;

    /// <inheritdoc/>
    public override string ToString() => $"{Type}!";
}
