using System.Collections.Immutable;

namespace CustobotGateway.GraphQL.Language;

/// <summary>An input value as it is written (spec §2.9).</summary>
public abstract class ValueNode(SourceLocation location) : SyntaxNode(location);

/// <summary>A variable (spec §2.10).</summary>
/// <param name="name">Its name, without the $.</param>
/// <param name="location">Where it begins.</param>
public sealed class VariableNode(Name name, SourceLocation location) : ValueNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.Variable;

    /// <summary>Its name, without the $.</summary>
    public Name Name { get; } = name;
}

/// <summary>A whole number (spec §2.9.1).</summary>
/// <param name="value">Its digits, as written.</param>
/// <param name="location">Where it begins.</param>
public sealed class IntValueNode(string value, SourceLocation location) : ValueNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.IntValue;

    /// <summary>Its digits, as written.</summary>
    public string Value { get; } = value;
}

/// <summary>A number with a fraction or an exponent (spec §2.9.2).</summary>
/// <param name="value">Its digits, as written.</param>
/// <param name="location">Where it begins.</param>
public sealed class FloatValueNode(string value, SourceLocation location) : ValueNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.FloatValue;

    /// <summary>Its digits, as written.</summary>
    public string Value { get; } = value;
}

/// <summary>A string (spec §2.9.4).</summary>
/// <param name="value">The text, escapes replaced.</param>
/// <param name="isBlock">Whether it was written as a block string.</param>
/// <param name="location">Where it begins.</param>
public sealed class StringValueNode(string value, bool isBlock, SourceLocation location) : ValueNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.StringValue;

    /// <summary>The text, escapes replaced.</summary>
    public string Value { get; } = value;

    /// <summary>Whether it was written as a block string.</summary>
    public bool IsBlock { get; } = isBlock;
}

/// <summary><c>true</c> or <c>false</c> (spec §2.9.3).</summary>
/// <param name="value">The value.</param>
/// <param name="location">Where it begins.</param>
public sealed class BooleanValueNode(bool value, SourceLocation location) : ValueNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.BooleanValue;

    /// <summary>The value.</summary>
    public bool Value { get; } = value;
}

/// <summary><c>null</c> (spec §2.9.5).</summary>
/// <param name="location">Where it begins.</param>
public sealed class NullValueNode(SourceLocation location) : ValueNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.NullValue;
}

/// <summary>An enum value (spec §2.9.6).</summary>
/// <param name="value">Its name.</param>
/// <param name="location">Where it begins.</param>
public sealed class EnumValueNode(string value, SourceLocation location) : ValueNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.EnumValue;

    /// <summary>Its name.</summary>
    public string Value { get; } = value;
}

/// <summary>A list (spec §2.9.7).</summary>
/// <param name="values">The items.</param>
/// <param name="location">Where it begins.</param>
public sealed class ListValueNode(ImmutableArray<ValueNode> values, SourceLocation location) : ValueNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.ListValue;

    /// <summary>The items.</summary>
    public ImmutableArray<ValueNode> Values { get; } = values;
}

/// <summary>An input object (spec §2.9.8).</summary>
/// <param name="fields">The fields, in order.</param>
/// <param name="location">Where it begins.</param>
public sealed class ObjectValueNode(ImmutableArray<ObjectFieldNode> fields, SourceLocation location) : ValueNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.ObjectValue;

    /// <summary>The fields, in order.</summary>
    public ImmutableArray<ObjectFieldNode> Fields { get; } = fields;
}

/// <summary>A field of an input object (spec §2.9.8).</summary>
/// <param name="name">Its name.</param>
/// <param name="value">Its value.</param>
/// <param name="location">Where it begins.</param>
public sealed class ObjectFieldNode(string name, ValueNode value, SourceLocation location) : SyntaxNode(location)
{
    /// <inheritdoc/>
    public override NodeKind Kind => NodeKind.ObjectField;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its value.</summary>
    public ValueNode Value { get; } = value;
}
