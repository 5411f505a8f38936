using System.Text;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>
/// Writes all that is selected of an object in one go, where every field of it, and every one below, is bound to a writer: without a value,
/// a place in the result and a decision for each. It knows no errors: where something fails it gives up, and the object is executed field by field.
/// </summary>
internal abstract class SelectionWriter
{
    /// <summary>Stands for a selection that has to be executed field by field.</summary>
    public static readonly SelectionWriter None = new Unwritable();

    public static SelectionWriter Of(SelectionPlan selection)
    {
        FieldWriter? first = null;
        foreach (var field in selection.Fields)
        {
            if (field.IsTypeName)
            {
                continue;
            }
            if (field.Definition.Writer is not { } writer || (first is not null && first.ParentType != writer.ParentType) || !writer.Fits(field))
            {
                return None;
            }
            first ??= writer;
        }
        return first?.Select(selection) ?? None;
    }

    /// <summary>Writes the object; false where it cannot be, and then what it wrote has to be taken back.</summary>
    public abstract bool TryWrite(object? parent, ResponseBudget budget);

    private sealed class Unwritable : SelectionWriter
    {
        public override bool TryWrite(object? parent, ResponseBudget budget) => false;
    }
}

/// <summary>Writes objects of one class or struct.</summary>
internal sealed class SelectionWriter<TParent> : SelectionWriter
{
    private readonly WrittenField[] _fields;
    private readonly FieldWriter<TParent>?[] _writers;

    public SelectionWriter(SelectionPlan selection)
    {
        _fields = [.. selection.Fields.Select(field => new WrittenField(field))];
        _writers = [.. selection.Fields.Select(field => field.Definition.Writer as FieldWriter<TParent>)];
    }

    public override bool TryWrite(object? parent, ResponseBudget budget) => parent is TParent typed && TryWrite(typed, budget);

    public bool TryWrite(in TParent parent, ResponseBudget budget)
    {
        var output = budget.Output;
        output.Add("{"u8);
        for (var i = 0; i < _fields.Length; i++)
        {
            ref readonly var field = ref _fields[i];
            output.Add(i == 0 ? field.Member.AsSpan(1) : field.Member);
            if (_writers[i] is { } writer && !writer.TryWrite(parent, field, budget))
            {
                return false;
            }
        }
        output.Add("}"u8);
        return true;
    }
}

/// <summary>What a writer needs of the field that it writes.</summary>
internal readonly struct WrittenField
{
    public WrittenField(FieldPlan field)
    {
        // Of __typename the value is known, and belongs to the name.
        Member = field.IsTypeName ? [.. field.Member, .. Encoding.ASCII.GetBytes($"\"{field.Parent.Name}\"")] : field.Member;
        Plan = field;
        IsNullable = field.Definition.Type is not NonNullType;
        Below = !field.IsTypeName && field.Definition.Type.Named is ObjectType type ? field.SelectionFor(type).Writer : null;
    }

    /// <summary>A comma, the response name in quotes, a colon.</summary>
    public byte[] Member { get; }

    public FieldPlan Plan { get; }

    public bool IsNullable { get; }

    public SelectionWriter? Below { get; }
}
