namespace CustobotGateway.AttributeIndex;

/// <summary>The term dictionaries of the columns and the words of the full text; shared by all snapshots of one writer.</summary>
internal sealed class Dictionaries
{
    private TermDictionary[] _terms = [];

    /// <summary>The words of all full-text columns.</summary>
    public TermDictionary Words { get; } = new();

    public long MemoryBytes => Words.MemoryBytes + _terms.Sum(dictionary => dictionary.MemoryBytes);

    public TermDictionary this[int column] => Volatile.Read(ref _terms)[column];

    public void Extend(int columns)
    {
        var terms = new TermDictionary[columns];
        _terms.CopyTo(terms, 0);
        for (var column = _terms.Length; column < columns; column++)
        {
            terms[column] = new TermDictionary();
        }
        Volatile.Write(ref _terms, terms);
    }
}
