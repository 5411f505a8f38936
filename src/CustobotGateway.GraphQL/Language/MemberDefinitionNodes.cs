using System.Collections.Immutable;

namespace CustobotGateway.GraphQL.Language;

/// <summary>A field of an object type or interface (spec §3.6).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="name">Its name.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="type">The type of its value.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="location">Where it begins.</param>
public sealed class FieldDefinitionNode(
    string? description, Name name, ImmutableArray<InputValueDefinitionNode> arguments, TypeNode type,
    ImmutableArray<DirectiveNode> directives, SourceLocation location)
    : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.FieldDefinition;

    /// <summary>Its description, in Markdown.</summary>
    public string? Description { get; } = description;

    /// <summary>Its name.</summary>
    public Name Name { get; } = name;

    /// <summary>Its arguments.</summary>
    public ImmutableArray<InputValueDefinitionNode> Arguments { get; } = arguments;

    /// <summary>The type of its value.</summary>
    public TypeNode Type { get; } = type;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;
}

/// <summary>An argument (spec §3.6.1) or a field of an input object type (spec §3.10).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="name">Its name.</param>
/// <param name="type">Its type.</param>
/// <param name="defaultValue">The value when none is given.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="location">Where it begins.</param>
public sealed class InputValueDefinitionNode(
    string? description, Name name, TypeNode type, ValueNode? defaultValue, ImmutableArray<DirectiveNode> directives, SourceLocation location)
    : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.InputValueDefinition;

    /// <summary>Its description, in Markdown.</summary>
    public string? Description { get; } = description;

    /// <summary>Its name.</summary>
    public Name Name { get; } = name;

    /// <summary>Its type.</summary>
    public TypeNode Type { get; } = type;

    /// <summary>The value when none is given.</summary>
    public ValueNode? DefaultValue { get; } = defaultValue;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;
}

/// <summary>A value of an enum (spec §3.9).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="name">Its name.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="location">Where it begins.</param>
public sealed class EnumValueDefinitionNode(
    string? description, Name name, ImmutableArray<DirectiveNode> directives, SourceLocation location)
    : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.EnumValueDefinition;

    /// <summary>Its description, in Markdown.</summary>
    public string? Description { get; } = description;

    /// <summary>Its name.</summary>
    public Name Name { get; } = name;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;
}

/// <summary>A directive (spec §3.13).</summary>
/// <param name="description">Its description, in Markdown.</param>
/// <param name="name">Its name.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="isRepeatable">Whether it may be applied several times in one place.</param>
/// <param name="locations">Where it may be applied.</param>
/// <param name="location">Where it begins.</param>
public sealed class DirectiveDefinitionNode(
    string? description, Name name, ImmutableArray<InputValueDefinitionNode> arguments, bool isRepeatable, ImmutableArray<Name> locations,
    SourceLocation location)
    : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.DirectiveDefinition;

    /// <summary>Its description, in Markdown.</summary>
    public string? Description { get; } = description;

    /// <summary>Its name.</summary>
    public Name Name { get; } = name;

    /// <summary>Its arguments.</summary>
    public ImmutableArray<InputValueDefinitionNode> Arguments { get; } = arguments;

    /// <summary>Whether it may be applied several times in one place.</summary>
    public bool IsRepeatable { get; } = isRepeatable;

    /// <summary>Where it may be applied.</summary>
    public ImmutableArray<Name> Locations { get; } = locations;
}
