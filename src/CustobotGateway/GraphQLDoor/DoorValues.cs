using CustobotGateway.GraphQL.Execution;
using CustobotGateway.Search;

namespace CustobotGateway.GraphQLDoor;

/// <summary>Lets the engine's writers write where the searches' own writers do.</summary>
internal sealed class DoorValues(SearchOutput output) : IValueBuffer
{
    public SearchOutput Output => output;

    public int Length => output.Length;

    public byte[] Bytes => output.Bytes;

    public void Add(ReadOnlySpan<byte> json) => output.Add(json);

    public void BackTo(int length) => output.BackTo(length);
}

/// <summary>What the door's writers see of the engine's buffer.</summary>
internal static class WrittenValues
{
    /// <summary>The output that REST's answers are written to.</summary>
    public static SearchOutput Output(this IValueBuffer values) => ((DoorValues)values).Output;

    /// <summary>A whole number, which always is a value.</summary>
    public static bool Write(this IValueBuffer values, long number)
    {
        values.Output().Add(number);
        return true;
    }

    /// <summary>ASCII that needs no escaping; false where there is none.</summary>
    public static bool WriteAscii(this IValueBuffer values, string? text)
    {
        if (text is null)
        {
            return false;
        }
        values.Output().AddAsciiString(text);
        return true;
    }

    /// <summary>True or false, which always is a value.</summary>
    public static bool Write(this IValueBuffer values, bool truth)
    {
        values.Add(truth ? "true"u8 : "false"u8);
        return true;
    }
}
