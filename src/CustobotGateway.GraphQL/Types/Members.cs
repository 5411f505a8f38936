using System.Collections.Immutable;
using System.Text;
using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>A field of an object type or interface (spec §3.6).</summary>
public sealed class FieldDefinition : INamed
{
    internal FieldDefinition(FieldDefinitionNode node, SchemaType type, DefinitionList<InputValue> arguments)
    {
        (Name, Description, Directives, Location) = (node.Name.Value, node.Description, node.Directives, node.Location);
        (Type, Arguments) = (type, arguments);
        DeprecationReason = Deprecation.Reason(Directives);
        Cost = FieldCost.Read(this);
        Member = MemberOf(Name);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Markdown, or null.</summary>
    public string? Description { get; }

    /// <summary>The type of its value.</summary>
    public SchemaType Type { get; }

    /// <summary>Its arguments.</summary>
    public DefinitionList<InputValue> Arguments { get; }

    /// <summary>The directives that were applied to it, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; }

    /// <summary>Why it should not be asked any more (spec §3.13.3), or null.</summary>
    public string? DeprecationReason { get; }

    /// <summary>How its value is found; null where the value is a member of the parent's dictionary or JSON object.</summary>
    public FieldResolver? Resolver { get; internal set; }

    /// <summary>How its value is found, where that takes waiting.</summary>
    public AsyncFieldResolver? AsyncResolver { get; internal set; }

    /// <summary>How its value is written as JSON, where it is bound to that; then <see cref="Resolver"/> answers it by the same.</summary>
    internal FieldWriter? Writer { get; set; }

    /// <summary>The events that it answers to, as a field of the subscription root.</summary>
    public SubscriptionSource? Source { get; internal set; }

    internal FieldCost Cost { get; }

    internal SourceLocation Location { get; }

    /// <summary>The name as a response has it, where no alias was given.</summary>
    internal byte[] Member { get; }

    /// <summary>
    /// A name as a response has it after another member: a comma, the name in quotes, a colon. Names are ASCII letters, digits and underscores
    /// (spec §2.1.9), so that nothing is escaped.
    /// </summary>
    internal static byte[] MemberOf(string name) => Encoding.ASCII.GetBytes($",\"{name}\":");
}

/// <summary>An argument of a field or directive (spec §3.6.1), or a field of an input object type (spec §3.10).</summary>
public sealed class InputValue : INamed
{
    internal InputValue(InputValueDefinitionNode node, SchemaType type)
    {
        (Name, Description, Directives, Location) = (node.Name.Value, node.Description, node.Directives, node.Location);
        (Type, DefaultLiteral) = (type, node.DefaultValue);
        DeprecationReason = Deprecation.Reason(Directives);
        Weight = FieldCost.ReadWeight(Directives) ?? 0;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Markdown, or null.</summary>
    public string? Description { get; }

    /// <summary>Its type.</summary>
    public SchemaType Type { get; }

    /// <summary>The value when none is given, as written; null when there is none.</summary>
    public ValueNode? DefaultLiteral { get; }

    /// <summary>The value when none is given, as resolvers see it.</summary>
    public object? DefaultValue { get; internal set; }

    /// <summary>The directives that were applied to it, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; }

    /// <summary>Why it should not be given any more, or null.</summary>
    public string? DeprecationReason { get; }

    /// <summary>Whether it has to be given (spec §5.4.2.1).</summary>
    public bool IsRequired => Type is NonNullType && DefaultLiteral is null;

    /// <summary>What giving it adds to the cost of its field.</summary>
    internal double Weight { get; }

    internal SourceLocation Location { get; }
}

/// <summary>A value of an enum (spec §3.9).</summary>
public sealed class EnumValue : INamed
{
    internal EnumValue(EnumValueDefinitionNode node) =>
        (Name, Description, Directives, DeprecationReason) =
        (node.Name.Value, node.Description, node.Directives, Deprecation.Reason(node.Directives));

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Markdown, or null.</summary>
    public string? Description { get; }

    /// <summary>The directives that were applied to it, in order.</summary>
    public ImmutableArray<DirectiveNode> Directives { get; }

    /// <summary>Why it should not be used any more, or null.</summary>
    public string? DeprecationReason { get; }
}

/// <summary>A directive (spec §3.13).</summary>
public sealed class DirectiveDefinition : INamed
{
    internal DirectiveDefinition(DirectiveDefinitionNode node, DefinitionList<InputValue> arguments)
    {
        (Name, Description, IsRepeatable, Arguments) = (node.Name.Value, node.Description, node.IsRepeatable, arguments);
        Locations = [.. node.Locations.Select(location => location.Value)];
        Location = node.Location;
    }

    /// <summary>The name, without the @.</summary>
    public string Name { get; }

    /// <summary>Markdown, or null.</summary>
    public string? Description { get; }

    /// <summary>Its arguments.</summary>
    public DefinitionList<InputValue> Arguments { get; }

    /// <summary>Whether it may be applied several times in one place.</summary>
    public bool IsRepeatable { get; }

    /// <summary>Where it may be applied.</summary>
    public ImmutableArray<string> Locations { get; }

    /// <summary>Whether it comes with the language.</summary>
    public bool IsBuiltIn { get; internal init; }

    internal SourceLocation Location { get; }
}

internal static class Deprecation
{
    private const string DefaultReason = "No longer supported";

    /// <summary>The reason of <c>@deprecated</c> (spec §3.13.3), or null.</summary>
    public static string? Reason(ImmutableArray<DirectiveNode> directives)
    {
        foreach (var directive in directives)
        {
            if (directive.Name == "deprecated")
            {
                return directive.Argument("reason") is StringValueNode reason ? reason.Value : DefaultReason;
            }
        }
        return null;
    }
}
