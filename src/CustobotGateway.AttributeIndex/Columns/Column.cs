namespace CustobotGateway.AttributeIndex.Columns;

/// <summary>
/// One column of one chunk, over the words (64 rows each) in which a value occurs at all. Immutable.
/// </summary>
internal abstract class Column
{
    /// <summary>The first word that is covered.</summary>
    public required int StartWord { get; init; }

    /// <summary>The first word that is not covered any more.</summary>
    public required int EndWord { get; init; }

    /// <summary>How many rows, dead ones included, have a value.</summary>
    public required int Filled { get; init; }

    public abstract long MemoryBytes { get; }

    /// <summary>Whether the row has a value.</summary>
    public abstract bool Has(int row);

    /// <summary>The rows of one covered word that have a value.</summary>
    public abstract ulong Present(int word);

    /// <summary>Asks for what reading the row's value begins with (<see cref="Ahead"/>). Any row.</summary>
    public abstract void Expect(int row);

    /// <summary>Asks for what the row's cell leads to. Any row; after <see cref="Expect"/>, or it waits itself.</summary>
    public virtual void ExpectValue(int row)
    {
    }

    /// <summary>Asks for where the column's values are told apart.</summary>
    public virtual void ExpectValues()
    {
    }

    /// <summary>Asks for the cells of these rows, which the column covers.</summary>
    public virtual void ExpectRows(ReadOnlySpan<ushort> rows)
    {
    }

    public bool Covers(int row) => (row >> 6) >= StartWord && (row >> 6) < EndWord;
}
