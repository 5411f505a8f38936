using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CustobotGateway.Search;

/// <summary>
/// A number that two requests share when they ask for the same products in the same order, whatever page, facets and projection: what a
/// cursor belongs to. Computed over the tree, so that the spelling of the JSON does not matter; equal on every gateway.
/// A cursor is authenticated, so a fast hash that is not cryptographic is enough here.
/// </summary>
internal struct RequestFingerprint
{
    private const ulong Prime = 0x9E3779B97F4A7C15;
    private ulong _state;

    /// <summary>The fingerprint of a request.</summary>
    public static ulong Of(SearchRequest request)
    {
        var hash = new RequestFingerprint { _state = 0x6375_7374_6F62_6F74 };
        hash.Add(request.Query);
        hash.Add((ulong)request.QueryMode);
        hash.Add(request.Must);
        hash.Add(request.Should);
        hash.Add(request.MustNot);
        hash.Add((ulong)request.Sort.Count);
        for (var i = 0; i < request.Sort.Count; i++)
        {
            hash.Add(request.Sort[i].By);
            hash.Add((ulong)(request.Sort[i].Order is { } order ? (int)order + 1 : 0));
        }
        return hash._state;
    }

    private void Add(IReadOnlyList<Constraint>? constraints)
    {
        if (constraints is null)
        {
            Add(0);
            return;
        }
        Add((ulong)constraints.Count + 1);
        for (var i = 0; i < constraints.Count; i++)
        {
            Add(constraints[i]);
        }
    }

    private void Add(Constraint constraint)
    {
        if (constraint.Parts is { } parts)
        {
            Add(constraint.Any is not null ? 1ul : constraint.All is not null ? 2ul : 3ul);
            Add(parts);
        }
        else
        {
            Add(constraint.Attribute);
            Add(((ulong)constraint.Op!.Value << 8) | (ulong)(constraint.Unknown ?? 0));
            Add(constraint.Unit);
            Add(constraint.Value);
            Add(constraint.From);
            Add(constraint.To);
            var values = constraint.Values;
            for (var i = 0; i < (values?.Count ?? 0); i++)
            {
                Add(values![i]);
            }
        }
        Add(BitConverter.DoubleToUInt64Bits(constraint.Weight ?? 1));
    }

    private void Add(ConstraintValue? operand)
    {
        if (operand is not { } value)
        {
            Add(0);
            return;
        }
        Add((ulong)value.Kind + 1);
        // A double tells apart all numbers that can differ in effect; 1.0 and 1 are the same.
        Add(BitConverter.DoubleToUInt64Bits((double)value.Number + 0.0));
        Add(value.Text);
        if (value.Circle is { } circle)
        {
            Add(BitConverter.DoubleToUInt64Bits(circle.Lat));
            Add(BitConverter.DoubleToUInt64Bits(circle.Lon));
            Add(BitConverter.DoubleToUInt64Bits(circle.Radius));
            Add(circle.Unit);
        }
    }

    private void Add(string? text)
    {
        if (text is null)
        {
            Add(ulong.MaxValue);
            return;
        }
        Add((ulong)text.Length);
        var bytes = MemoryMarshal.AsBytes(text.AsSpan());
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            Add(MemoryMarshal.Read<ulong>(bytes));
        }
        ulong rest = 0;
        foreach (var part in bytes)
        {
            rest = (rest << 8) | part;
        }
        Add(rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(ulong value)
    {
        var high = Math.BigMul(_state ^ value, Prime, out var low);
        _state = high ^ low ^ System.Numerics.BitOperations.RotateLeft(value, 29);
    }
}
