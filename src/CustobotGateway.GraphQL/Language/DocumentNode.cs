using System.Collections.Immutable;

namespace CustobotGateway.GraphQL.Language;

/// <summary>A document (spec §2.2).</summary>
/// <param name="definitions">Operations, fragments, and in a schema its definitions.</param>
/// <param name="tokenCount">How many tokens it was read from.</param>
/// <param name="location">Where it begins.</param>
public sealed class DocumentNode(ImmutableArray<SyntaxNode> definitions, int tokenCount, SourceLocation location) : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.Document;

    /// <summary>Operations, fragments, and in a schema its definitions.</summary>
    public ImmutableArray<SyntaxNode> Definitions { get; } = definitions;

    /// <summary>How many tokens it was read from.</summary>
    public int TokenCount { get; } = tokenCount;
}

/// <summary>The three kinds of operations (spec §2.3).</summary>
public enum OperationKind
{
    /// <summary>Reads.</summary>
    Query,

    /// <summary>Writes, field after field.</summary>
    Mutation,

    /// <summary>Answers to each event of a stream.</summary>
    Subscription,
}

/// <summary>An operation (spec §2.3).</summary>
/// <param name="operation">What it does.</param>
/// <param name="name">Its name; null when anonymous.</param>
/// <param name="variables">The variables that it defines.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="selectionSet">What it asks.</param>
/// <param name="location">Where it begins.</param>
public sealed class OperationNode(
    OperationKind operation, Name? name, ImmutableArray<VariableDefinitionNode> variables, ImmutableArray<DirectiveNode> directives,
    SelectionSetNode selectionSet, SourceLocation location)
    : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.Operation;

    /// <summary>What it does.</summary>
    public OperationKind Operation { get; } = operation;

    /// <summary>Its name; null when anonymous.</summary>
    public Name? Name { get; } = name;

    /// <summary>The variables that it defines.</summary>
    public ImmutableArray<VariableDefinitionNode> Variables { get; } = variables;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;

    /// <summary>What it asks.</summary>
    public SelectionSetNode SelectionSet { get; } = selectionSet;
}

/// <summary>A variable of an operation (spec §2.10).</summary>
/// <param name="variable">The variable.</param>
/// <param name="type">Its type.</param>
/// <param name="defaultValue">The value when none is sent.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="location">Where it begins.</param>
public sealed class VariableDefinitionNode(
    VariableNode variable, TypeNode type, ValueNode? defaultValue, ImmutableArray<DirectiveNode> directives, SourceLocation location)
    : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.VariableDefinition;

    /// <summary>The variable.</summary>
    public VariableNode Variable { get; } = variable;

    /// <summary>Its type.</summary>
    public TypeNode Type { get; } = type;

    /// <summary>The value when none is sent.</summary>
    public ValueNode? DefaultValue { get; } = defaultValue;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;
}

/// <summary>A fragment (spec §2.8).</summary>
/// <param name="name">Its name.</param>
/// <param name="typeCondition">The type that it applies to.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="selectionSet">What it asks.</param>
/// <param name="location">Where it begins.</param>
public sealed class FragmentNode(
    Name name, NamedTypeNode typeCondition, ImmutableArray<DirectiveNode> directives, SelectionSetNode selectionSet, SourceLocation location)
    : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.Fragment;

    /// <summary>Its name.</summary>
    public Name Name { get; } = name;

    /// <summary>The type that it applies to.</summary>
    public NamedTypeNode TypeCondition { get; } = typeCondition;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;

    /// <summary>What it asks.</summary>
    public SelectionSetNode SelectionSet { get; } = selectionSet;
}
