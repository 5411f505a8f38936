using System.Collections.Immutable;

namespace CustobotGateway.GraphQL.Language;

/// <summary>A definition or an extension of a type (spec §3.4).</summary>
public abstract class TypeDefinitionNode(
    string? description, Name name, ImmutableArray<DirectiveNode> directives, bool isExtension, SourceLocation location) : SyntaxNode(location)
{
    /// <summary>Its description, in Markdown.</summary>
    public string? Description { get; } = description;

    /// <summary>Its name.</summary>
    public Name Name { get; } = name;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;

    /// <summary>Whether it extends what is defined elsewhere.</summary>
    public bool IsExtension { get; } = isExtension;
}

/// <summary>The schema definition or an extension of it (spec §3.3).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="rootTypes">The types that operations start from.</param>
/// <param name="isExtension">Whether it extends what is defined elsewhere.</param>
/// <param name="location">Where it begins.</param>
public sealed class SchemaDefinitionNode(
    string? description, ImmutableArray<DirectiveNode> directives, ImmutableArray<RootTypeNode> rootTypes, bool isExtension,
    SourceLocation location)
    : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.SchemaDefinition;

    /// <summary>Its description, in Markdown.</summary>
    public string? Description { get; } = description;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;

    /// <summary>The types that operations start from.</summary>
    public ImmutableArray<RootTypeNode> RootTypes { get; } = rootTypes;

    /// <summary>Whether it extends what is defined elsewhere.</summary>
    public bool IsExtension { get; } = isExtension;
}

/// <summary>The type that one kind of operation starts from (spec §3.3.1).</summary>
/// <param name="operation">The kind.</param>
/// <param name="type">The type.</param>
/// <param name="location">Where it begins.</param>
public sealed class RootTypeNode(OperationKind operation, NamedTypeNode type, SourceLocation location) : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.RootType;

    /// <summary>The kind.</summary>
    public OperationKind Operation { get; } = operation;

    /// <summary>The type.</summary>
    public NamedTypeNode Type { get; } = type;
}

/// <summary>A scalar (spec §3.5).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="name">Its name.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="isExtension">Whether it extends what is defined elsewhere.</param>
/// <param name="location">Where it begins.</param>
public sealed class ScalarDefinitionNode(string? description, Name name, ImmutableArray<DirectiveNode> directives, bool isExtension, SourceLocation location)
    : TypeDefinitionNode(description, name, directives, isExtension, location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.ScalarDefinition;
}

/// <summary>An object type (spec §3.6).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="name">Its name.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="interfaces">The interfaces that it implements.</param>
/// <param name="fields">Its fields.</param>
/// <param name="isExtension">Whether it extends what is defined elsewhere.</param>
/// <param name="location">Where it begins.</param>
public sealed class ObjectDefinitionNode(string? description, Name name, ImmutableArray<DirectiveNode> directives, ImmutableArray<NamedTypeNode> interfaces, ImmutableArray<FieldDefinitionNode> fields, bool isExtension, SourceLocation location)
    : TypeDefinitionNode(description, name, directives, isExtension, location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.ObjectDefinition;

    /// <summary>The interfaces that it implements.</summary>
    public ImmutableArray<NamedTypeNode> Interfaces { get; } = interfaces;

    /// <summary>Its fields.</summary>
    public ImmutableArray<FieldDefinitionNode> Fields { get; } = fields;
}

/// <summary>An interface (spec §3.7).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="name">Its name.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="interfaces">The interfaces that it implements.</param>
/// <param name="fields">Its fields.</param>
/// <param name="isExtension">Whether it extends what is defined elsewhere.</param>
/// <param name="location">Where it begins.</param>
public sealed class InterfaceDefinitionNode(string? description, Name name, ImmutableArray<DirectiveNode> directives, ImmutableArray<NamedTypeNode> interfaces, ImmutableArray<FieldDefinitionNode> fields, bool isExtension, SourceLocation location)
    : TypeDefinitionNode(description, name, directives, isExtension, location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.InterfaceDefinition;

    /// <summary>The interfaces that it implements.</summary>
    public ImmutableArray<NamedTypeNode> Interfaces { get; } = interfaces;

    /// <summary>Its fields.</summary>
    public ImmutableArray<FieldDefinitionNode> Fields { get; } = fields;
}

/// <summary>A union (spec §3.8).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="name">Its name.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="members">Its member types.</param>
/// <param name="isExtension">Whether it extends what is defined elsewhere.</param>
/// <param name="location">Where it begins.</param>
public sealed class UnionDefinitionNode(string? description, Name name, ImmutableArray<DirectiveNode> directives, ImmutableArray<NamedTypeNode> members, bool isExtension, SourceLocation location)
    : TypeDefinitionNode(description, name, directives, isExtension, location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.UnionDefinition;

    /// <summary>Its member types.</summary>
    public ImmutableArray<NamedTypeNode> Members { get; } = members;
}

/// <summary>An enum (spec §3.9).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="name">Its name.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="values">Its values.</param>
/// <param name="isExtension">Whether it extends what is defined elsewhere.</param>
/// <param name="location">Where it begins.</param>
public sealed class EnumDefinitionNode(string? description, Name name, ImmutableArray<DirectiveNode> directives, ImmutableArray<EnumValueDefinitionNode> values, bool isExtension, SourceLocation location)
    : TypeDefinitionNode(description, name, directives, isExtension, location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.EnumDefinition;

    /// <summary>Its values.</summary>
    public ImmutableArray<EnumValueDefinitionNode> Values { get; } = values;
}

/// <summary>An input object type (spec §3.10).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="name">Its name.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="fields">Its fields.</param>
/// <param name="isExtension">Whether it extends what is defined elsewhere.</param>
/// <param name="location">Where it begins.</param>
public sealed class InputObjectDefinitionNode(string? description, Name name, ImmutableArray<DirectiveNode> directives, ImmutableArray<InputValueDefinitionNode> fields, bool isExtension, SourceLocation location)
    : TypeDefinitionNode(description, name, directives, isExtension, location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.InputObjectDefinition;

    /// <summary>Its fields.</summary>
    public ImmutableArray<InputValueDefinitionNode> Fields { get; } = fields;
}
