# fish completion for rusta
function __rusta_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    for line in (command rusta __complete -- $words[2..-1] "$word" 2>/dev/null)
        if test "$line" = :file
            __fish_complete_path (string replace -r -- '^--[^=]*=' '' "$word")
        else
            echo $line
        end
    end
end
complete -c rusta -f -a '(__rusta_complete)'
