using System.Buffers;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

internal enum ResultKind : byte
{
    Null,
    Waiting,
    Object,
    List,
    String,
    Integer,
    Number,
    Boolean,
    Json,
    Other,
}

/// <summary>One value of a result. The members of an object, and the items of a list, lie next to one another.</summary>
internal struct ResultValue
{
    /// <summary>The selection of an object, the type of a list, the text, JSON or other value of a leaf.</summary>
    public object? Reference;

    /// <summary>Of a container where its members begin and how many they are; of a leaf its number.</summary>
    public long Bits;

    /// <summary>The container; -1 at the root.</summary>
    public int Parent;

    public ResultKind Kind;
}

/// <summary>
/// The result of one execution before it is written: a tree in one pooled array. It is kept until everything is resolved since a null at
/// the end may take away what was resolved before (spec §6.4.4).
/// </summary>
internal sealed class ResultTree : IDisposable
{
    private const int FirstSize = 512;
    private ResultValue[] _values = ArrayPool<ResultValue>.Shared.Rent(FirstSize);

    public int Count { get; private set; }

    public ref ResultValue this[int index] => ref _values[index];

    /// <summary>Adds values that are null; gives the index of the first.</summary>
    public int Add(int count, int parent)
    {
        var start = Count;
        Count += count;
        if (Count > _values.Length)
        {
            Grow();
        }
        for (var i = start; i < Count; i++)
        {
            _values[i] = new ResultValue { Parent = parent };
        }
        return start;
    }

    /// <summary>Makes a value the container of the next values.</summary>
    public int Open(int index, ResultKind kind, object reference, int count)
    {
        var start = Add(count, index);
        ref var container = ref _values[index];
        (container.Kind, container.Reference, container.Bits) = (kind, reference, ((long)start << 32) | (uint)count);
        return start;
    }

    public static int Start(in ResultValue container) => (int)(container.Bits >> 32);

    public static int Length(in ResultValue container) => (int)container.Bits;

    /// <summary>How many bytes of the response a value takes at least, what it contains left out.</summary>
    public static long Size(in ResultValue value) => value.Kind switch
    {
        ResultKind.Json => (uint)value.Bits,
        ResultKind.String => ((string)value.Reference!).Length,
        _ => 1,
    };

    /// <summary>Takes a value away: it, or the nearest container that may be null, becomes null.</summary>
    public void Nullify(int index)
    {
        while (index > 0 && !IsNullable(index))
        {
            index = _values[index].Parent;
        }
        _values[index].Kind = ResultKind.Null;
    }

    /// <summary>Whether no container above was taken away.</summary>
    public bool IsAlive(int index)
    {
        for (var parent = _values[index].Parent; parent >= 0; parent = _values[parent].Parent)
        {
            if (_values[parent].Kind is not (ResultKind.Object or ResultKind.List))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Response names and indexes from the root (spec §7.1.2).</summary>
    public List<object> Path(int index)
    {
        var path = new List<object>();
        for (; _values[index].Parent >= 0; index = _values[index].Parent)
        {
            ref var parent = ref _values[_values[index].Parent];
            var at = index - Start(parent);
            path.Add(parent.Reference is SelectionPlan selection ? selection.Fields[at].ResponseName : at);
        }
        path.Reverse();
        return path;
    }

    public void Dispose()
    {
        Array.Clear(_values, 0, Count);
        ArrayPool<ResultValue>.Shared.Return(_values);
        _values = [];
    }

    private bool IsNullable(int index)
    {
        ref var parent = ref _values[_values[index].Parent];
        var type = parent.Reference switch
        {
            SelectionPlan selection => selection.Fields[index - Start(parent)].Definition.Type,
            var list => ((ListType)list!).Item,
        };
        return type is not NonNullType;
    }

    private void Grow()
    {
        var larger = ArrayPool<ResultValue>.Shared.Rent(Math.Max(Count, _values.Length * 2));
        _values.CopyTo(larger, 0);
        Array.Clear(_values);
        ArrayPool<ResultValue>.Shared.Return(_values);
        _values = larger;
    }
}
