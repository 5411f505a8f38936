using System.Buffers.Text;

namespace CustobotGateway.AttributeIndex.Columns;

/// <summary>
/// The distinct numbers of one column of a chunk, ascending. Kept as 32-bit whole numbers and a common factor where all fit
/// (most prices, sizes and days do), else as doubles.
/// </summary>
internal sealed class NumberValues
{
    private const int SecondsPerDay = 86400;
    private static readonly double[] PowersOfTen = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

    private readonly int[]? _scaled;
    private readonly double[]? _raw;
    private readonly int _decimals; // -1: days in seconds

    private NumberValues(int[]? scaled, double[]? raw, int decimals) => (_scaled, _raw, _decimals) = (scaled, raw, decimals);

    public int Count => _scaled?.Length ?? _raw!.Length;

    public long MemoryBytes => 48 + (_scaled is not null ? 4L * _scaled.Length : 8L * _raw!.Length);

    public double this[int index] =>
        _raw is not null ? _raw[index]
        : Unscale(_scaled![index]);

    /// <summary>Asks for the value at the index (<see cref="Ahead"/>).</summary>
    public void Expect(int index)
    {
        if (_scaled is not null)
        {
            Ahead.Line(ref _scaled[index]);
        }
        else
        {
            Ahead.Line(ref _raw![index]);
        }
    }

    /// <summary>Takes ascending distinct values.</summary>
    public static NumberValues Create(ReadOnlySpan<double> ascending)
    {
        var decimals = 0;
        foreach (var value in ascending)
        {
            while (decimals < PowersOfTen.Length && !Fits(value, decimals, out _))
            {
                decimals++;
            }
            if (decimals == PowersOfTen.Length)
            {
                break;
            }
        }
        // A value further on may be too large for the decimals that an earlier one needs.
        if (decimals < PowersOfTen.Length && TryScale(ascending, decimals) is { } scaled)
        {
            return new NumberValues(scaled, null, decimals);
        }
        return TryScale(ascending, -1) is { } days ? new NumberValues(days, null, -1) : new NumberValues(null, ascending.ToArray(), 0);
    }

    /// <summary>The index of the first value that is at least the given one.</summary>
    public int LowerBound(double value)
    {
        if (_scaled is null)
        {
            var found = _raw.AsSpan().BinarySearch(value);
            return found < 0 ? ~found : found;
        }
        var product = Math.Ceiling(_decimals < 0 ? value / SecondsPerDay : value * PowersOfTen[_decimals]);
        if (!(product > int.MinValue + 1L))
        {
            return 0;
        }
        if (!(product < int.MaxValue - 1L))
        {
            return product > int.MaxValue ? Count : Linear((int)(int.MaxValue - 2L));
        }
        // The product is rounded: the bound may be off by one either way.
        var bound = (int)product;
        while (Unscale(bound - 1) >= value)
        {
            bound--;
        }
        while (Unscale(bound) < value)
        {
            bound++;
        }
        var index = _scaled.AsSpan().BinarySearch(bound);
        return index < 0 ? ~index : index;

        int Linear(int from)
        {
            var at = _scaled.AsSpan().BinarySearch(from);
            for (at = at < 0 ? ~at : at; at < _scaled.Length && Unscale(_scaled[at]) < value; at++)
            {
            }
            return at;
        }
    }

    private double Unscale(int scaled) => _decimals < 0 ? (double)scaled * SecondsPerDay : scaled / PowersOfTen[_decimals];

    public bool TryFormat(int index, Span<byte> destination, out int written)
    {
        if (_raw is not null)
        {
            return FormatDouble(_raw[index], destination, out written);
        }
        var value = _decimals < 0 ? (long)_scaled![index] * SecondsPerDay : _scaled![index];
        if (_decimals <= 0)
        {
            return Utf8Formatter.TryFormat(value, destination, out written);
        }
        written = 0;
        if (value < 0)
        {
            destination[written++] = (byte)'-';
            value = -value;
        }
        var power = (long)PowersOfTen[_decimals];
        Utf8Formatter.TryFormat(value / power, destination[written..], out var whole);
        written += whole;
        var fraction = (int)(value % power);
        if (fraction == 0)
        {
            return true;
        }
        destination[written] = (byte)'.';
        var digits = _decimals;
        while (fraction % 10 == 0)
        {
            fraction /= 10;
            digits--;
        }
        for (var i = digits; i > 0; i--)
        {
            destination[written + i] = (byte)('0' + (fraction % 10));
            fraction /= 10;
        }
        written += digits + 1;
        return true;
    }

    /// <summary>The shortest JSON number that reads back as the same double.</summary>
    public static bool FormatDouble(double value, Span<byte> destination, out int written) =>
        value == Math.Truncate(value) && Math.Abs(value) < 1e15
            ? Utf8Formatter.TryFormat((long)value, destination, out written)
            : value.TryFormat(destination, out written, default, System.Globalization.CultureInfo.InvariantCulture);

    private static bool Fits(double value, int decimals, out int scaled)
    {
        var product = decimals < 0 ? value / SecondsPerDay : Math.Round(value * PowersOfTen[decimals]);
        scaled = Math.Abs(product) <= int.MaxValue ? (int)product : 0;
        return Math.Abs(product) <= int.MaxValue
            && (decimals < 0 ? (double)scaled * SecondsPerDay : scaled / PowersOfTen[decimals]) == value;
    }

    private static int[]? TryScale(ReadOnlySpan<double> values, int decimals)
    {
        var scaled = new int[values.Length];
        for (var i = 0; i < scaled.Length; i++)
        {
            if (!Fits(values[i], decimals, out scaled[i]))
            {
                return null;
            }
        }
        return scaled;
    }
}
