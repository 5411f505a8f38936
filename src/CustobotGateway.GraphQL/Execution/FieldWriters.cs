using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>
/// Where writers put their values, one after another, and where the response takes them from. The caller's own, so that it can be the one
/// that its other code writes to. When it grows, the bytes that were handed out before stay as they are.
/// </summary>
public interface IValueBuffer
{
    /// <summary>How many bytes were written.</summary>
    int Length { get; }

    /// <summary>What was written lies at its start.</summary>
    byte[] Bytes { get; }

    /// <summary>Adds JSON, or a part of it.</summary>
    void Add(ReadOnlySpan<byte> json);

    /// <summary>Takes back what was written after this length.</summary>
    void BackTo(int length);
}

/// <summary>Writes a leaf, or a list of leaves, as JSON; false and nothing where there is no value.</summary>
/// <param name="parent">The object that has the field.</param>
/// <param name="output">Where to.</param>
public delegate bool LeafWriter<TParent>(in TParent parent, IValueBuffer output);

/// <summary>Gives the object that a field answers; false where there is none.</summary>
/// <param name="parent">The object that has the field.</param>
/// <param name="child">The parent of the fields below.</param>
public delegate bool ChildReader<TParent, TChild>(in TParent parent, out TChild child);

/// <summary>Counts the items of a list; below 0 where there is no list.</summary>
/// <param name="parent">The object that has the field.</param>
public delegate int ItemCounter<TParent>(in TParent parent);

/// <summary>Gives an item of a list, which is never null.</summary>
/// <param name="parent">The object that has the field.</param>
/// <param name="index">Counted from 0.</param>
public delegate TItem ItemReader<TParent, out TItem>(in TParent parent, int index);

/// <summary>How a field without arguments is answered in UTF-8: alone, or with all of a selection by a <see cref="SelectionWriter"/>.</summary>
internal abstract class FieldWriter
{
    /// <summary>The class or struct of the objects that have the field.</summary>
    public abstract Type ParentType { get; }

    /// <summary>Whether the field can be written with all that is selected below it.</summary>
    public abstract bool Fits(FieldPlan field);

    /// <summary>The writer of a selection whose fields all have this one's parent.</summary>
    public abstract SelectionWriter Select(SelectionPlan selection);

    /// <summary>Answers the field alone.</summary>
    public abstract FieldValue Resolve(object? parent, string name, IValueBuffer? output);
}

/// <summary>One of an object of this type.</summary>
internal abstract class FieldWriter<TParent> : FieldWriter
{
    public sealed override Type ParentType => typeof(TParent);

    public sealed override SelectionWriter Select(SelectionPlan selection) => new SelectionWriter<TParent>(selection);

    public sealed override FieldValue Resolve(object? parent, string name, IValueBuffer? output) =>
        parent is TParent typed ? Resolve(typed, output) : MemberReader.Read(parent, name);

    /// <summary>Writes the value; false where it may not be null and is, or what is below cannot be written.</summary>
    public abstract bool TryWrite(in TParent parent, in WrittenField field, ResponseBudget budget);

    protected abstract FieldValue Resolve(in TParent parent, IValueBuffer? output);

    protected static bool TryWriteNull(in WrittenField field, IValueBuffer output)
    {
        output.Add("null"u8);
        return field.IsNullable;
    }

    protected static SelectionWriter Below(FieldPlan field) =>
        field.Definition.Type.Named is ObjectType type ? field.SelectionFor(type).Writer : SelectionWriter.None;
}

internal sealed class LeafFieldWriter<TParent>(LeafWriter<TParent> write) : FieldWriter<TParent>
{
    public override bool Fits(FieldPlan field) => true;

    public override bool TryWrite(in TParent parent, in WrittenField field, ResponseBudget budget) =>
        write(parent, budget.Output) || TryWriteNull(field, budget.Output);

    protected override FieldValue Resolve(in TParent parent, IValueBuffer? output)
    {
        var start = (output ?? throw new InvalidOperationException("A field is bound to a writer, and the options have no buffer for values.")).Length;
        return write(parent, output) ? FieldValue.Json(output.Bytes, start, output.Length - start) : FieldValue.Null;
    }
}

internal sealed class ObjectFieldWriter<TParent, TChild>(ChildReader<TParent, TChild> read) : FieldWriter<TParent>
{
    public override bool Fits(FieldPlan field) => Below(field) is SelectionWriter<TChild>;

    public override bool TryWrite(in TParent parent, in WrittenField field, ResponseBudget budget) =>
        read(parent, out var child) ? ((SelectionWriter<TChild>)field.Below!).TryWrite(child, budget) : TryWriteNull(field, budget.Output);

    protected override FieldValue Resolve(in TParent parent, IValueBuffer? output) => read(parent, out var child) ? FieldValue.From(child) : FieldValue.Null;
}

internal sealed class ListFieldWriter<TParent, TItem>(ItemCounter<TParent> count, ItemReader<TParent, TItem> read) : FieldWriter<TParent>
{
    public override bool Fits(FieldPlan field) => Below(field) is SelectionWriter<TItem>;

    public override bool TryWrite(in TParent parent, in WrittenField field, ResponseBudget budget)
    {
        var (items, output) = (count(parent), budget.Output);
        if (items < 0)
        {
            return TryWriteNull(field, output);
        }
        var below = (SelectionWriter<TItem>)field.Below!;
        output.Add("["u8);
        for (var i = 0; i < items; i++)
        {
            if (i > 0)
            {
                output.Add(","u8);
            }
            if (!below.TryWrite(read(parent, i), budget))
            {
                return false;
            }
            budget.Check(field.Plan);
        }
        output.Add("]"u8);
        return true;
    }

    protected override FieldValue Resolve(in TParent parent, IValueBuffer? output)
    {
        var items = count(parent);
        if (items < 0)
        {
            return FieldValue.Null;
        }
        var values = new object?[items];
        for (var i = 0; i < items; i++)
        {
            values[i] = read(parent, i);
        }
        return FieldValue.From(values);
    }
}
