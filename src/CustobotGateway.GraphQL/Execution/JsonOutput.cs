using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>
/// Writes the data of a response byte by byte: a response has a thousand small values, and a general writer's care for each (depth, commas,
/// checks) was measured to cost as much as resolving them. What is rare goes through the general writer.
/// </summary>
internal ref struct JsonOutput(IBufferWriter<byte> output, Utf8JsonWriter general)
{
    private const int Block = 4096;
    private const double LargestWhole = 1e15;

    // What a JSON string holds as it is, and takes one byte.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create(string.Concat(Enumerable.Range(' ', 0x7F - ' ').Select(letter => (char)letter).Where(letter => letter is not ('"' or '\\'))));

    private Span<byte> _free;
    private int _used;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(byte letter)
    {
        if (_used == _free.Length)
        {
            Grow(1);
        }
        _free[_used++] = letter;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _free.Length - _used)
        {
            Grow(bytes.Length);
        }
        bytes.CopyTo(_free[_used..]);
        _used += bytes.Length;
    }

    public void Add(long number)
    {
        const int longest = 20;
        if (longest > _free.Length - _used)
        {
            Grow(longest);
        }
        Utf8Formatter.TryFormat(number, _free[_used..], out var written);
        _used += written;
    }

    /// <summary>A number in its shortest form; null where JSON has none for it.</summary>
    public void Add(double number)
    {
        if (number == Math.Truncate(number) && Math.Abs(number) < LargestWhole && (number != 0 || !double.IsNegative(number)))
        {
            Add((long)number);
            return;
        }
        if (!double.IsFinite(number))
        {
            Add("null"u8);
            return;
        }
        const int longest = 32;
        if (longest > _free.Length - _used)
        {
            Grow(longest);
        }
        Utf8Formatter.TryFormat(number, _free[_used..], out var written);
        _used += written;
    }

    public void AddString(string text)
    {
        if (text.AsSpan().IndexOfAnyExcept(Plain) >= 0)
        {
            Begin().WriteStringValue(text);
            End();
            return;
        }
        if (text.Length + 2 > _free.Length - _used)
        {
            Grow(text.Length + 2);
        }
        _free[_used] = (byte)'"';
        Ascii.FromUtf16(text, _free[(_used + 1)..], out var written);
        _free[_used + written + 1] = (byte)'"';
        _used += written + 2;
    }

    /// <summary>The general writer, for one value; <see cref="End"/> takes it back.</summary>
    public Utf8JsonWriter Begin()
    {
        Commit();
        general.Reset(output);
        return general;
    }

    public readonly void End() => general.Flush();

    /// <summary>Hands on what was written.</summary>
    public void Commit()
    {
        output.Advance(_used);
        _free = default;
        _used = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int bytes)
    {
        output.Advance(_used);
        _free = output.GetSpan(Math.Max(bytes, Block));
        _used = 0;
    }
}
