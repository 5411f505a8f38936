using System.Runtime.InteropServices;

namespace CustobotGateway.AttributeIndex.Columns;

/// <summary>A column of texts as JSON string literals, one after the other.</summary>
internal sealed class TextColumn : Column
{
    /// <summary>Where each row's literal ends in <see cref="Literals"/>; rows from 64 * StartWord.</summary>
    public required int[] Ends { get; init; }

    public required byte[] Literals { get; init; }

    public override long MemoryBytes => 64 + (4L * Ends.Length) + Literals.Length;

    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            var at = row - (StartWord << 6);
            if ((uint)at >= (uint)Ends.Length)
            {
                return default;
            }
            var start = at == 0 ? 0 : Ends[at - 1];
            return Literals.AsSpan(start, Ends[at] - start);
        }
    }

    public override void Expect(int row)
    {
        var at = row - (StartWord << 6);
        if ((uint)at < (uint)Ends.Length)
        {
            Ahead.Line(ref Ends[at]);
        }
    }

    public override void ExpectValue(int row) => Ahead.Line(in MemoryMarshal.GetReference(this[row]));

    public override bool Has(int row) => !this[row].IsEmpty;

    public override ulong Present(int word)
    {
        var present = 0UL;
        for (var bit = 0; bit < 64; bit++)
        {
            present |= Has((word << 6) + bit) ? 1UL << bit : 0;
        }
        return present;
    }
}
