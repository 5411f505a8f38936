using System.Runtime.Intrinsics;

namespace CustobotGateway.Catalog;

/// <summary>A unit of measure. Values convert between units of one dimension; a unit that only its registry knows converts to itself alone.</summary>
public sealed class Unit
{
    internal Unit(string code, Vector128<sbyte> dimension, Rational scale, Rational? zero = null, bool isOpaque = false)
    {
        (Code, Dimension, Scale, Zero, IsOpaque) = (code, dimension, scale, zero, isOpaque);
    }

    /// <summary>The UCUM code, case-sensitive; for an opaque unit the text that declared it.</summary>
    public string Code { get; }

    /// <summary>Whether no table knows it, only the attribute that declares it (<c>star</c>, <c>EUR</c>): it converts to itself alone.</summary>
    public bool IsOpaque { get; }

    /// <summary>Exponents of <see cref="UnitTable.Bases"/>.</summary>
    internal Vector128<sbyte> Dimension { get; }

    /// <summary>How many base units one of it is.</summary>
    internal Rational Scale { get; }

    /// <summary>Where its zero lies, in its own degrees above the base unit's; null for a unit that starts at zero.</summary>
    internal Rational? Zero { get; }

    /// <summary>Whether values convert to and from the other unit.</summary>
    public bool IsCommensurable(Unit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsOpaque || other.IsOpaque ? IsOpaque == other.IsOpaque && Code == other.Code : Dimension == other.Dimension;
    }

    /// <inheritdoc/>
    public override string ToString() => Code;
}
