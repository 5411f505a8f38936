using System.Collections.Immutable;

namespace CustobotGateway.GraphQL.Types;

/// <summary>Which of the five scalars of the language one is (spec §3.5).</summary>
public enum ScalarKind
{
    /// <summary>A scalar of the schema.</summary>
    Custom,

    /// <summary>32-bit signed integer (spec §3.5.1).</summary>
    Int,

    /// <summary>Double precision (spec §3.5.2).</summary>
    Float,

    /// <summary>Text (spec §3.5.3).</summary>
    String,

    /// <summary>True or false (spec §3.5.4).</summary>
    Boolean,

    /// <summary>An identifier (spec §3.5.5).</summary>
    Id,
}

/// <summary>A scalar (spec §3.5).</summary>
public sealed class ScalarType : NamedType
{
    internal ScalarType(string name)
        : base(name) => ScalarKind = name switch
        {
            "Int" => ScalarKind.Int,
            "Float" => ScalarKind.Float,
            "String" => ScalarKind.String,
            "Boolean" => ScalarKind.Boolean,
            "ID" => ScalarKind.Id,
            _ => ScalarKind.Custom,
        };

    /// <summary>Which scalar of the language it is.</summary>
    public ScalarKind ScalarKind { get; }

    /// <summary>Where its form is specified (spec §3.13.4), or null.</summary>
    public string? SpecifiedByUrl { get; internal set; }

    /// <summary>Reads an input value (string, long, double, bool, list or dictionary); throws <see cref="FormatException"/> with what is wrong.</summary>
    internal Func<object, object?>? Read { get; set; }
}

/// <summary>An enum (spec §3.9).</summary>
public sealed class EnumType : NamedType
{
    internal EnumType(string name)
        : base(name)
    {
    }

    /// <summary>Its values.</summary>
    public DefinitionList<EnumValue> Values { get; internal set; } = DefinitionList<EnumValue>.Empty;
}

/// <summary>A type that a selection set can be made on.</summary>
public abstract class CompositeType : NamedType
{
    private HashSet<NamedType>? _subtypes;

    private protected CompositeType(string name)
        : base(name)
    {
    }

    /// <summary>Its fields; none of a union.</summary>
    public DefinitionList<FieldDefinition> Fields { get; internal set; } = DefinitionList<FieldDefinition>.Empty;

    /// <summary>The interfaces that it implements (spec §3.7.1).</summary>
    public ImmutableArray<InterfaceType> Interfaces { get; internal set; } = [];

    /// <summary>The object types that a value can have (GetPossibleTypes, spec §5.5.2.3).</summary>
    public ImmutableArray<ObjectType> PossibleTypes { get; internal set; } = [];

    /// <summary>Whether a value's type is known only at run time.</summary>
    public bool IsAbstract => this is not ObjectType;

    /// <summary>Whether the other is a member or an implementation.</summary>
    public bool IsSupertypeOf(NamedType other) => (_subtypes ??= Subtypes()).Contains(other);

    /// <summary>Whether a value can be of both types.</summary>
    public bool Overlaps(CompositeType other)
    {
        if (this == other)
        {
            return true;
        }
        if (!IsAbstract)
        {
            return other.IsAbstract && other.IsSupertypeOf(this);
        }
        return other.IsAbstract ? PossibleTypes.Any(other.IsSupertypeOf) : IsSupertypeOf(other);
    }

    internal HashSet<InterfaceType> SubInterfaces { get; } = [];

    private HashSet<NamedType> Subtypes() => this is InterfaceType ? [.. PossibleTypes, .. SubInterfaces] : [.. IsAbstract ? PossibleTypes : []];
}

/// <summary>An object type (spec §3.6).</summary>
public sealed class ObjectType : CompositeType
{
    internal ObjectType(string name)
        : base(name)
    {
    }
}

/// <summary>An interface (spec §3.7).</summary>
public sealed class InterfaceType : CompositeType
{
    internal InterfaceType(string name)
        : base(name)
    {
    }
}

/// <summary>A union (spec §3.8).</summary>
public sealed class UnionType : CompositeType
{
    internal UnionType(string name)
        : base(name)
    {
    }
}

/// <summary>An input object type (spec §3.10).</summary>
public sealed class InputObjectType : NamedType
{
    internal InputObjectType(string name)
        : base(name)
    {
    }

    /// <summary>Its fields.</summary>
    public DefinitionList<InputValue> Fields { get; internal set; } = DefinitionList<InputValue>.Empty;

    /// <summary>Whether exactly one field is given (<c>@oneOf</c>).</summary>
    public bool IsOneOf { get; internal set; }

    /// <summary>The fields that have to be looked at when they are not given.</summary>
    internal ImmutableArray<InputValue> Expected { get; set; } = [];
}
