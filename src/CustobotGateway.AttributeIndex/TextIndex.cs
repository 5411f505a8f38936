namespace CustobotGateway.AttributeIndex;

/// <summary>The words of one chunk: for each word its rows and how often it occurs there.</summary>
internal sealed class TextIndex
{
    /// <summary>The words by dictionary number, ascending.</summary>
    public required int[] Words { get; init; }

    /// <summary>Where each word's postings begin, one more at the end.</summary>
    public required int[] Starts { get; init; }

    public required ushort[] Rows { get; init; }

    /// <summary>How often the word occurs in the row, at most 255.</summary>
    public required byte[] Frequencies { get; init; }

    /// <summary>How many words each row has, at most 255.</summary>
    public required byte[] Lengths { get; init; }

    /// <summary>The sum of <see cref="Lengths"/>.</summary>
    public required long TotalLength { get; init; }

    public long MemoryBytes => 64 + (4L * Words.Length) + (4L * Starts.Length) + (2L * Rows.Length) + Frequencies.Length + Lengths.Length;

    /// <summary>Where a word's postings are; empty when it does not occur.</summary>
    public (int Start, int End) Find(int word)
    {
        var index = Array.BinarySearch(Words, word);
        return index < 0 ? (0, 0) : (Starts[index], Starts[index + 1]);
    }
}
