using System.Collections.Immutable;

namespace CustobotGateway.GraphQL.Language;

/// <summary>A selection set (spec §2.4).</summary>
/// <param name="selections">Fields, fragment spreads and inline fragments.</param>
/// <param name="location">Where it begins.</param>
public sealed class SelectionSetNode(ImmutableArray<SyntaxNode> selections, SourceLocation location) : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.SelectionSet;

    /// <summary>Fields, fragment spreads and inline fragments.</summary>
    public ImmutableArray<SyntaxNode> Selections { get; } = selections;
}

/// <summary>A field that is asked (spec §2.5).</summary>
/// <param name="alias">The name in the response, where it is another.</param>
/// <param name="name">The name in the schema.</param>
/// <param name="arguments">Arguments, in order.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="selectionSet">What is asked of its value.</param>
/// <param name="location">Where it begins.</param>
public sealed class FieldNode(
    string? alias, string name, ImmutableArray<ArgumentNode> arguments, ImmutableArray<DirectiveNode> directives,
    SelectionSetNode? selectionSet, SourceLocation location)
    : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.Field;

    /// <summary>The name in the response, where it is another.</summary>
    public string? Alias { get; } = alias;

    /// <summary>The name in the response (spec §2.7).</summary>
    public string ResponseName => Alias ?? Name;

    /// <summary>The name in the schema.</summary>
    public string Name { get; } = name;

    /// <summary>Arguments, in order.</summary>
    public ImmutableArray<ArgumentNode> Arguments { get; } = arguments;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;

    /// <summary>What is asked of its value.</summary>
    public SelectionSetNode? SelectionSet { get; } = selectionSet;
}

/// <summary>A fragment that is spread (spec §2.8).</summary>
/// <param name="name">The fragment.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="location">Where it begins.</param>
public sealed class FragmentSpreadNode(Name name, ImmutableArray<DirectiveNode> directives, SourceLocation location) : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.FragmentSpread;

    /// <summary>The fragment.</summary>
    public Name Name { get; } = name;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;
}

/// <summary>An inline fragment (spec §2.8.2).</summary>
/// <param name="typeCondition">The type that it applies to; the enclosing one when null.</param>
/// <param name="directives">Directives, in order.</param>
/// <param name="selectionSet">What it asks.</param>
/// <param name="location">Where it begins.</param>
public sealed class InlineFragmentNode(
    NamedTypeNode? typeCondition, ImmutableArray<DirectiveNode> directives, SelectionSetNode selectionSet, SourceLocation location)
    : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.InlineFragment;

    /// <summary>The type that it applies to; the enclosing one when null.</summary>
    public NamedTypeNode? TypeCondition { get; } = typeCondition;

    /// <summary>Directives, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; } = directives;

    /// <summary>What it asks.</summary>
    public SelectionSetNode SelectionSet { get; } = selectionSet;
}

/// <summary>An argument (spec §2.6).</summary>
/// <param name="name">Its name.</param>
/// <param name="value">Its value.</param>
/// <param name="location">Where it begins.</param>
public sealed class ArgumentNode(string name, ValueNode value, SourceLocation location) : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.Argument;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its value.</summary>
    public ValueNode Value { get; } = value;
}

/// <summary>A directive that is applied (spec §2.12).</summary>
/// <param name="name">Its name, without the @.</param>
/// <param name="arguments">Arguments, in order.</param>
/// <param name="location">Where it begins.</param>
public sealed class DirectiveNode(string name, ImmutableArray<ArgumentNode> arguments, SourceLocation location) : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.Directive;

    /// <summary>Its name, without the @.</summary>
    public string Name { get; } = name;

    /// <summary>Arguments, in order.</summary>
    public ImmutableArray<ArgumentNode> Arguments { get; } = arguments;

    /// <summary>The value written for an argument; null when there is none.</summary>
    public ValueNode? Argument(string argument)
    {
        foreach (var candidate in Arguments)
        {
            if (candidate.Name == argument)
            {
                return candidate.Value;
            }
        }
        return null;
    }
}
